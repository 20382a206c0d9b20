// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ConfirmRequest;
import dev.portcullis.api.v1.ConfirmResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "confirm",
        description = {
            "Lets the revision stay that was pushed with --confirm-timeout.",
            "",
            "Who can still run this after a push is not locked out."
        },
        footer = {
            "  portcullis confirm       whatever waits",
            "  portcullis confirm 13    only if it is this revision"
        })
final class ConfirmCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "REVISION",
            description = "refuse if another one waits")
    private Long revision;

    @Override
    public Integer call() {
        if (revision != null && revision < 1) {
            throw portcullis.wrong("the revision must be 1 or more");
        }
        ConfirmRequest.Builder request = ConfirmRequest.newBuilder();
        if (revision != null) {
            request.setRevision(revision);
        }
        ConfirmResponse response = portcullis.change(stub -> stub.confirm(request.build()));
        switch (output.format) {
            case table ->
                    portcullis
                            .out()
                            .println(
                                    "revision "
                                            + Long.toUnsignedString(response.getRevision())
                                            + " stays");
            case yaml -> portcullis.out().print(MessageText.yaml(response));
            case json -> portcullis.out().print(MessageText.json(response));
        }
        portcullis.out().flush();
        return ExitCodes.OK;
    }
}

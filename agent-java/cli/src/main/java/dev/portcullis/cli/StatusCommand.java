// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.api.v1.StatusResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        description =
                "Prints what the agent guards and by which revision, what it let in and dropped, the"
                        + " sources dropped most, and how full the kernel's tables are.",
        footer = {
            "  portcullis status",
            "  portcullis status -o json | jq -r '.resources[] | select(.protected | not) | .name'"
        })
final class StatusCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Override
    public Integer call() {
        StatusResponse status;
        try (AgentConnection agent = portcullis.connect()) {
            status = agent.ask(stub -> stub.status(StatusRequest.getDefaultInstance()));
        }
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table -> StatusText.of(status);
                            case yaml -> MessageText.yaml(status);
                            case json -> MessageText.json(status);
                        });
        portcullis.out().flush();
        return ExitCodes.OK;
    }
}

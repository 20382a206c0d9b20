// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.DeleteRequest;
import dev.portcullis.api.v1.DeleteResponse;
import dev.portcullis.api.v1.ObjectReference;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "delete",
        description =
                "Deletes objects in one transaction. A policy that a resource names is not deleted;"
                        + " the error tells which resources.",
        footer = {
            "  portcullis delete policy office",
            "  portcullis delete resource web elasticsearch --dry-run",
            "  portcullis delete address-set aws-frankfurt"
        })
final class DeleteCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Parameters(index = "0", paramLabel = "KIND", description = Kinds.ALL)
    private String kind;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "which")
    private List<String> names;

    @Mixin private TransactionOptions options;

    @Override
    public Integer call() {
        String text =
                Kinds.of(kind)
                        .orElseThrow(() -> portcullis.wrong("the kind must be " + Kinds.ALL))
                        .text();
        DeleteRequest.Builder request =
                DeleteRequest.newBuilder()
                        .setDryRun(options.dryRun)
                        .setForce(options.force)
                        .setConfirmTimeout(options.confirmTimeout);
        for (String name : names) {
            request.addObjects(ObjectReference.newBuilder().setKind(text).setName(name));
        }
        options.expected().ifPresent(request::setExpectedRevision);
        DeleteResponse response = portcullis.change(stub -> stub.delete(request.build()));
        new PlanPrinter(portcullis, output)
                .print(
                        response,
                        response.getPlan(),
                        response.getRevision(),
                        options.dryRun,
                        MessageText.time(response.hasConfirmBy(), response.getConfirmBy()));
        return ExitCodes.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.RollbackRequest;
import dev.portcullis.api.v1.RollbackResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rollback",
        description = {
            "Makes a new revision of exactly the objects of an earlier one, with their owners, in one"
                    + " transaction that is checked like any other.",
            "",
            "Prints the plan. \"portcullis history\" tells which revisions are kept. A revision that"
                    + " waits to be confirmed is taken back at once."
        },
        footer = {
            "  portcullis rollback --dry-run                 what the step back would change",
            "  portcullis rollback                           to the revision before the current",
            "  portcullis rollback --to 11 --expected-revision 13"
        })
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;
    @Mixin private TransactionOptions options;

    @Option(
            names = "--to",
            paramLabel = "REVISION",
            description = "the revision to go back to (default: the one before the current)")
    private Long to;

    @Override
    public Integer call() {
        if (to != null && to < 1) {
            throw portcullis.wrong("--to must be 1 or more");
        }
        RollbackRequest.Builder request =
                RollbackRequest.newBuilder()
                        .setDryRun(options.dryRun)
                        .setForce(options.force)
                        .setConfirmTimeout(options.confirmTimeout);
        if (to != null) {
            request.setToRevision(to);
        }
        options.expected().ifPresent(request::setExpectedRevision);
        RollbackResponse response = portcullis.change(stub -> stub.rollback(request.build()));
        if (output.format == OutputFormat.table) {
            portcullis
                    .out()
                    .println("back to revision " + Long.toUnsignedString(response.getToRevision()));
        }
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

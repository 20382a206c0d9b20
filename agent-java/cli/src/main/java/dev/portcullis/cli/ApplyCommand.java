// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.policy.file.Documents;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "apply",
        description = {
            "Makes the agent's objects those of the files, in one transaction: all take effect at"
                    + " once, or none does.",
            "",
            "Prints the plan, and warnings. What is wrong with the files is told all at once, and"
                    + " then nothing is changed."
        },
        footer = {
            "  portcullis apply -f policies.yaml",
            "  portcullis apply -f /etc/portcullis/policies.d --replace --dry-run",
            "  portcullis apply -f policies.yaml --confirm-timeout 60s && ssh HOST portcullis confirm",
            "  portcullis get -o yaml | sed s/203.0.113.9/203.0.113.10/ | portcullis apply -f -"
        })
final class ApplyCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private InputOption input;
    @Mixin private OutputOption output;
    @Mixin private PushOptions push;
    @Mixin private TransactionOptions transaction;

    @Override
    public Integer call() {
        Documents documents = input.read();
        ApplyOptions.Builder options =
                push.builder()
                        .setDryRun(transaction.dryRun)
                        .setForce(transaction.force)
                        .setConfirmTimeout(transaction.confirmTimeout);
        transaction.expected().ifPresent(options::setExpectedRevision);
        ApplyResponse response;
        try (AgentConnection agent = portcullis.connect()) {
            response =
                    new FilePush(documents, options.build())
                            .run(
                                    agent,
                                    (to, with) ->
                                            to.run(stub ->
                                                    Push.send(stub, with, documents.objects())));
        }
        new PlanPrinter(portcullis, output).print(response, transaction.dryRun);
        return ExitCodes.OK;
    }
}

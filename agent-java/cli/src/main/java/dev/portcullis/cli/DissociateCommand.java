// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.DissociateRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "dissociate",
        description = {
            "Detaches a policy from a resource, wherever the association is written: "
                    + "in the resource, or in an Association.",
            "",
            "A resource without a policy that allows is open to all; the plan warns of that."
        },
        footer = {
            "  portcullis dissociate office elasticsearch --dry-run",
            "  portcullis dissociate office elasticsearch"
        })
final class DissociateCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;
    @Mixin private TransactionOptions options;

    @Parameters(index = "0", paramLabel = "POLICY", description = "the policy's name")
    private String policy;

    @Parameters(index = "1", paramLabel = "RESOURCE", description = "the resource's name")
    private String resource;

    @Override
    public Integer call() {
        DissociateRequest.Builder request =
                DissociateRequest.newBuilder()
                        .setPolicy(policy)
                        .setResource(resource)
                        .setDryRun(options.dryRun)
                        .setForce(options.force)
                        .setConfirmTimeout(options.confirmTimeout);
        options.expected().ifPresent(request::setExpectedRevision);
        ApplyResponse response = portcullis.change(stub -> stub.dissociate(request.build()));
        new PlanPrinter(portcullis, output).print(response, options.dryRun);
        return ExitCodes.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.AssociateRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "associate",
        description = {
            "Attaches a policy to a resource, by an object of kind Association.",
            "",
            "A resource is closed to all that no policy matches from its first association on. The"
                    + " policy comes after those that are associated already."
        },
        footer = {
            "  portcullis associate office elasticsearch --dry-run",
            "  portcullis associate office elasticsearch"
        })
final class AssociateCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;
    @Mixin private TransactionOptions options;

    @Parameters(index = "0", paramLabel = "POLICY", description = "the policy's name")
    private String policy;

    @Parameters(index = "1", paramLabel = "RESOURCE", description = "the resource's name")
    private String resource;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            defaultValue = "default",
            description = "whose object the association will be (default: ${DEFAULT-VALUE})")
    private String owner;

    @Override
    public Integer call() {
        AssociateRequest.Builder request =
                AssociateRequest.newBuilder()
                        .setPolicy(policy)
                        .setResource(resource)
                        .setOwner(owner)
                        .setDryRun(options.dryRun)
                        .setForce(options.force)
                        .setConfirmTimeout(options.confirmTimeout);
        options.expected().ifPresent(request::setExpectedRevision);
        ApplyResponse response = portcullis.change(stub -> stub.associate(request.build()));
        new PlanPrinter(portcullis, output).print(response, options.dryRun);
        return ExitCodes.OK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "validate",
        description = {
            "Checks files without an agent: their form, every value, and that each policy that a"
                    + " resource names is among them.",
            "",
            "Tells everything that is wrong, each with file and line. What needs the agent to know"
                    + " (its capacity, objects that it already has) is for apply --dry-run."
        },
        footer = {
            "  portcullis validate -f policies.yaml",
            "  portcullis validate -f common.yaml -f /etc/portcullis/policies.d"
        })
final class ValidateCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private InputOption input;

    @Override
    public Integer call() {
        Documents documents = input.read();
        Violations violations = new Violations(documents);
        OfflineCheck.Report check = OfflineCheck.state(documents);
        violations.add(check.violations());
        check.warnings().forEach(warning -> portcullis.err().println("warning: " + warning));
        if (!violations.isEmpty()) {
            throw CommandFailure.refused(
                    Plural.of(violations.count(), "violation"), violations.lines());
        }
        portcullis.out().println("valid: " + Violations.inventory(documents));
        return ExitCodes.OK;
    }
}

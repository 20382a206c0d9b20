// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import com.google.rpc.BadRequest.FieldViolation;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.policy.file.Documents;
import dev.portcullis.policy.file.OfflineCheck;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
            "  portcullis get -o yaml | sed s/203.0.113.9/203.0.113.10/ | portcullis apply -f -"
        })
final class ApplyCommand implements Callable<Integer> {
    private static final int MAX_VIOLATIONS = 10_000;

    @ParentCommand private Portcullis portcullis;
    @Mixin private InputOption input;
    @Mixin private OutputOption output;

    @Option(
            names = "--replace",
            description = "also delete what the owner had and the files do not hold")
    private boolean replace;

    @Option(names = "--dry-run", description = "check and plan, and change nothing")
    private boolean dryRun;

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "refuse if the agent's revision is another one")
    private Long expectedRevision;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            defaultValue = "default",
            description =
                    "whose objects these are; only their owner changes them (default:"
                            + " ${DEFAULT-VALUE})")
    private String owner;

    @Override
    public Integer call() {
        Documents documents = input.read();
        Violations violations = new Violations(documents);
        try (AgentConnection agent = portcullis.connect()) {
            if (!violations.isEmpty()) {
                throw refusal(agent, documents, violations);
            }
            print(push(agent, documents, violations, dryRun));
        }
        return ExitCodes.OK;
    }

    /**
     * The agent checks what can be read of unreadable files too, so that one run finds everything.
     */
    private CommandFailure refusal(
            AgentConnection agent, Documents documents, Violations violations) {
        try {
            push(agent, documents, violations, true);
        } catch (CommandFailure failure) {
            if (violations.count() == documents.violations().size()) {
                violations.add(OfflineCheck.objects(documents).violations());
            }
        }
        return violations.refusal(violations.count());
    }

    private ApplyResponse push(
            AgentConnection agent, Documents documents, Violations violations, boolean dry) {
        ApplyOptions.Builder options =
                ApplyOptions.newBuilder()
                        .setDryRun(dry)
                        .setReplace(replace)
                        .setOwner(owner)
                        .setMaxViolations(MAX_VIOLATIONS);
        if (expectedRevision != null) {
            options.setExpectedRevision(expectedRevision);
        }
        try {
            return agent.run(stub -> Push.send(stub, options.build(), documents.objects()));
        } catch (CommandFailure failure) {
            List<FieldViolation> told = CallErrors.violations(failure);
            if (told.isEmpty()) {
                throw failure;
            }
            violations.addFromAgent(told);
            throw violations.refusal(Math.max(violations.count(), total(failure.getMessage())));
        }
    }

    /**
     * The agent's sentence begins with how many there are; it lists no more than were asked for.
     */
    private static int total(String sentence) {
        Matcher number = Pattern.compile("(\\d{1,9}) (violation|problem)").matcher(sentence);
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    private void print(ApplyResponse response) {
        switch (output.format) {
            case table -> {
                portcullis
                        .out()
                        .print(PlanText.of(response.getPlan(), response.getRevision(), dryRun));
                response.getPlan()
                        .getWarningsList()
                        .forEach(warning -> portcullis.err().println("warning: " + warning));
            }
            case yaml -> portcullis.out().print(MessageText.yaml(response));
            case json -> portcullis.out().print(MessageText.json(response));
        }
        portcullis.out().flush();
    }
}

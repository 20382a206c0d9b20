// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.DeleteRequest;
import dev.portcullis.api.v1.DeleteResponse;
import dev.portcullis.api.v1.ObjectReference;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "delete",
        description =
                "Deletes objects in one transaction. A policy that a resource names is not deleted;"
                        + " the error tells which resources.",
        footer = {
            "  portcullis delete policy office",
            "  portcullis delete resource web elasticsearch --dry-run"
        })
final class DeleteCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Parameters(index = "0", paramLabel = "KIND", description = Kinds.ALL)
    private String kind;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "which")
    private List<String> names;

    @Option(names = "--dry-run", description = "check and plan, and change nothing")
    private boolean dryRun;

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "refuse if the agent's revision is another one")
    private Long expectedRevision;

    @Override
    public Integer call() {
        String text =
                Kinds.of(kind)
                        .orElseThrow(() -> portcullis.wrong("the kind must be " + Kinds.ALL))
                        .text();
        DeleteRequest.Builder request = DeleteRequest.newBuilder().setDryRun(dryRun);
        for (String name : names) {
            request.addObjects(ObjectReference.newBuilder().setKind(text).setName(name));
        }
        if (expectedRevision != null) {
            request.setExpectedRevision(expectedRevision);
        }
        try (AgentConnection agent = portcullis.connect()) {
            print(agent.ask(stub -> stub.delete(request.build())));
        } catch (CommandFailure failure) {
            throw withViolations(failure);
        }
        return ExitCodes.OK;
    }

    private static CommandFailure withViolations(CommandFailure failure) {
        List<String> lines =
                CallErrors.violations(failure).stream()
                        .map(v -> v.getField() + ": " + v.getDescription())
                        .toList();
        return lines.isEmpty() ? failure : Violations.refusal(lines.size(), lines);
    }

    private void print(DeleteResponse response) {
        portcullis
                .out()
                .print(
                        switch (output.format) {
                            case table ->
                                    PlanText.of(response.getPlan(), response.getRevision(), dryRun);
                            case yaml -> MessageText.yaml(response);
                            case json -> MessageText.json(response);
                        });
        if (output.format == OutputFormat.table) {
            response.getPlan()
                    .getWarningsList()
                    .forEach(warning -> portcullis.err().println("warning: " + warning));
        }
        portcullis.out().flush();
    }
}

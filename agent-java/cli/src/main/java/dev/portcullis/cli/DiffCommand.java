// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.DiffResponse;
import dev.portcullis.policy.file.Documents;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "diff",
        description = {
            "Tells what an apply of the files would change in verdicts: which sources get in that did"
                    + " not, and which no longer do, for each resource and endpoint.",
            "",
            "Changes nothing. -o json prints an object a line: the plan first, then the changes."
        },
        footer = {
            "  portcullis diff -f policies.yaml",
            "  portcullis diff -f /etc/portcullis/policies.d --replace -o json"
        })
final class DiffCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private InputOption input;
    @Mixin private OutputOption output;
    @Mixin private PushOptions push;

    @Override
    public Integer call() {
        Documents documents = input.read();
        List<DiffResponse> parts;
        try (AgentConnection agent = portcullis.connect()) {
            parts =
                    new FilePush(documents, push.builder().setDryRun(true).build())
                            .run(
                                    agent,
                                    (to, with) ->
                                            to.run(stub ->
                                                    Push.diff(stub, with, documents.objects())));
        }
        PrintWriter out = portcullis.out();
        switch (output.format) {
            case table -> print(parts, out);
            case yaml -> parts.forEach(part -> out.print(MessageText.yaml(part)));
            case json -> parts.forEach(part -> out.print(MessageText.jsonLine(part)));
        }
        out.flush();
        return ExitCodes.OK;
    }

    private void print(List<DiffResponse> parts, PrintWriter out) {
        ApplyResponse plan = parts.get(0).getPlan();
        out.print(PlanText.of(plan.getPlan(), plan.getRevision(), true));
        new PlanPrinter(portcullis, output).warn(plan.getPlan());
        out.println();
        out.print(
                DiffText.of(
                        parts.stream()
                                .filter(DiffResponse::hasChange)
                                .map(DiffResponse::getChange)
                                .toList()));
    }
}

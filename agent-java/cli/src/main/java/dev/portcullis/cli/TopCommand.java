// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.api.v1.TopResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "top",
        description = {
            "Prints the sources that are denied most, and for what, anew at each interval until it"
                    + " is interrupted. Those with the most packets a second come first.",
            "",
            "On a terminal each table takes the place of the last; -o json prints an object a line."
                    + " Without rates, as in the first table and with --once, those with the most"
                    + " packets come first.",
            "",
            "The kernel counts sources from when it takes them up: at once, unless thousands of new"
                    + " ones come in a second. It forgets those that it has not seen for longest"
                    + " when it knows capacity.droppedSources of agent.yaml."
        },
        footer = {
            "  portcullis top",
            "  portcullis top --resource elasticsearch --interval 10s -n 40",
            "  portcullis top --audit                        who would be dropped",
            "  portcullis top --once -o json | jq -r '.sources[].address'"
        })
final class TopCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Option(names = "--once", description = "print what was counted until now, and end")
    private boolean once;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "10",
            description = "how many sources (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            defaultValue = "",
            description = "only what was denied for this resource")
    private String resource;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "",
            description = "only what was denied for this reason, such as no_policy_match")
    private String reason;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "2s",
            description = "from one table to the next, 1s to 1h (default: ${DEFAULT-VALUE})")
    private String interval;

    @Option(
            names = "--audit",
            description =
                    "what passed in audit mode and would have been dropped, instead of what was")
    private boolean audit;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw portcullis.wrong("--limit must be 1 or more");
        }
        TopRequest request =
                TopRequest.newBuilder()
                        .setLimit(limit)
                        .setResource(resource)
                        .setReason(reason)
                        .setInterval(interval)
                        .setAudit(audit)
                        .build();
        try (AgentConnection agent = portcullis.connect()) {
            agent.run(stub -> {
                print(stub.top(request));
                return ExitCodes.OK;
            });
        }
        return ExitCodes.OK;
    }

    private void print(BlockingClientCall<?, TopResponse> answers)
            throws StatusException, InterruptedException {
        boolean inPlace = !once && output.format == OutputFormat.table && Terminal.isOutput();
        PrintWriter out = portcullis.out();
        try {
            do {
                TopResponse top = answers.read();
                if (top == null) {
                    throw CommandFailure.streamEnded();
                }
                out.print(
                        switch (output.format) {
                            case table ->
                                    inPlace
                                            ? Terminal.inPlace(text(top), Terminal.rows())
                                            : text(top);
                            case yaml -> MessageText.yaml(top);
                            case json -> once ? MessageText.json(top) : MessageText.jsonLine(top);
                        });
            } while (!out.checkError() && !once);
        } finally {
            answers.cancel("seen enough", null);
        }
    }

    private String text(TopResponse top) {
        return TopText.of(top, audit) + (once ? "" : "\n");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.WatchDropsRequest;
import dev.portcullis.api.v1.WatchDropsResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "drops",
        description = {
            "Prints denied packets as they happen, until it is interrupted or --count or --for is"
                    + " reached.",
            "",
            "The agent reports them under a rate limit; \"+12\" at the end of a line are packets"
                    + " dropped before it that have no line. All are counted in status and the"
                    + " metrics. Past packets are not kept."
        },
        footer = {
            "  portcullis drops",
            "  portcullis drops --resource elasticsearch --for 10s",
            "  portcullis drops --count 1 -o json"
        })
final class DropsCommand implements Callable<Integer> {
    /** A year: no limit that anyone meets, and no overflow. */
    private static final Duration WITHOUT_LIMIT = Duration.ofDays(365);

    @ParentCommand private Portcullis portcullis;
    @Mixin private OutputOption output;

    @Option(names = "--follow", description = "what it does anyway: print them as they happen")
    boolean follow;

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            defaultValue = "",
            description = "only those that were bound for this resource")
    private String resource;

    @Option(names = "--count", paramLabel = "N", description = "end after so many")
    private Long count;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "end after this time, such as 10s or 5m")
    private Duration time;

    @Override
    public Integer call() {
        if (count != null && count < 1) {
            throw portcullis.wrong("--count must be 1 or more");
        }
        WatchDropsRequest request = WatchDropsRequest.newBuilder().setResource(resource).build();
        try (AgentConnection agent = portcullis.connect()) {
            agent.run(stub -> {
                print(stub.watchDrops(request));
                return ExitCodes.OK;
            });
        }
        return ExitCodes.OK;
    }

    private void print(BlockingClientCall<?, WatchDropsResponse> drops)
            throws StatusException, InterruptedException {
        long end = System.nanoTime() + (time == null ? WITHOUT_LIMIT : time).toNanos();
        PrintWriter out = portcullis.out();
        try {
            for (long shown = 0; count == null || shown < count; shown++) {
                WatchDropsResponse drop =
                        drops.read(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (drop == null) {
                    throw CommandFailure.streamEnded();
                }
                out.print(
                        switch (output.format) {
                            case table -> DropText.of(drop);
                            case yaml -> MessageText.yaml(drop);
                            case json -> MessageText.jsonLine(drop);
                        });
                if (out.checkError()) {
                    return; // nobody reads any more
                }
            }
        } catch (TimeoutException e) {
            return; // as long as was asked for
        } finally {
            drops.cancel("seen enough", null);
        }
    }
}

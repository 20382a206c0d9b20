// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.portcullis.api.v1.ApplyOptions;
import dev.portcullis.api.v1.ApplyResponse;
import dev.portcullis.api.v1.StatusRequest;
import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.api.v1.TopResponse;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long life in a short time: the daemon takes rule sets, an interface comes and goes, and
 * connections are made both ways, all at once. The same work is done twice, and after the second
 * time the daemon must be as large as after the first.
 *
 * <p>{@code PORTCULLIS_SOAK=full} makes it 10,000 rule sets, 1,000 times that an interface goes or
 * is set down, and 100,000 connections; a number makes it that part of them.
 */
class SoakTest {
    private static final int FULL_ROUNDS = 1_000;
    private static final double PART = 0.04;
    private static final int LEAST_WARM_UP = 8;

    /** Of one round. */
    private static final int PUSHES = 10;

    /** Four times in one round. */
    private static final int CROWD = 25;

    private static final int CLOSED = 7;

    /**
     * What the heap differs by if nothing grows, by names and numbers that have other lengths, and
     * by what the JVM makes when it compiles: up to 30 kB were seen. 5,000 commits that leave a
     * small object each are more.
     */
    private static final long HEAP_NOISE = 128 << 10;

    /**
     * Compiled code comes late, and the allocator of C gives back what it likes. The Java heap is
     * of one size, so that it has no part in it.
     */
    private static final long RESIDENT_NOISE = 8 << 20;

    /** Tries have nodes between their entries, by the order in which those came. */
    private static final long KERNEL_NOISE = 64 << 10;

    private static final String JVM =
            "PORTCULLIS_JAVA_OPTS=-XX:TieredStopAtLevel=1 -XX:-UseDynamicNumberOfCompilerThreads"
                    + " -Xms96m -Xmx96m -XX:+AlwaysPreTouch";

    @TempDir private Path directory;
    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private Network network;
    private Agent agent;
    private Client client;
    private Flapping flapping;
    private Crowd outside;
    private Crowd inside;
    private int pushed;
    private int flaps;
    private int connections;

    @BeforeEach
    void start() {
        network = new Network(1);
        Crowd.serve(network, network.server(), RuleSets.INBOUND);
        Crowd.serve(network, network.client(1), RuleSets.OUTBOUND);
        outside = Crowd.in(network, network.client(1));
        inside = Crowd.in(network, network.server());
        agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1, \"late*\"]\nmetrics: 127.0.0.1:9815\n")
                        .behind("env", JVM)
                        .start();
        client = new Client(agent.socket());
        flapping = new Flapping(network, agent, client);
        flapping.make();
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        client.close();
        agent.close();
        network.close();
    }

    @Test
    void nothing_grows_with_commits_flaps_and_connections() throws Exception {
        int rounds = rounds();
        push("lasting", RuleSets.lasting());
        live(Math.max(LEAST_WARM_UP, rounds / 4));
        report("after warming up", Footprint.of(agent, client));

        live(rounds);
        Footprint once = Footprint.of(agent, client);
        report("after the first half", once);
        live(rounds);
        Footprint twice = Footprint.after(once, agent, client);
        report("after the second half", twice);

        assertThat(twice.grownSince(once)).isEmpty();
        assertThat(twice.heap().bytes())
                .as("bytes of the heap, of which most more:\n%s", twice.heap().since(once.heap()))
                .isLessThan(once.heap().bytes() + HEAP_NOISE);
        assertThat(twice.resident())
                .as("bytes in memory")
                .isLessThan(once.resident() + RESIDENT_NOISE);
        assertThat(twice.kernel()).as("bytes of maps").isLessThan(once.kernel() + KERNEL_NOISE);
        assertThat(twice.state()).as("bytes on disk").isLessThan(once.state() * 11 / 10);
        assertThat((twice.log() - once.log()) / ((long) rounds * PUSHES))
                .as("bytes of log for each push, with what flaps add")
                .isLessThan(400);
        assertThat(agent.log().lines().filter(line -> line.contains(" ERROR "))).isEmpty();
        assertThat(client.portcullis().status(StatusRequest.getDefaultInstance()).getRevision())
                .isEqualTo(1 + pushed);
    }

    /** Of each half, after which the sequence of rule sets begins anew. */
    private static int rounds() {
        String wanted = System.getenv().getOrDefault("PORTCULLIS_SOAK", Double.toString(PART));
        double part = wanted.equals("full") ? 1 : Double.parseDouble(wanted);
        int period = RuleSets.PERIOD / PUSHES;
        return (int) Math.ceil(part * FULL_ROUNDS / 2 / period) * period;
    }

    private void report(String when, Footprint footprint) {
        System.out.printf(
                "soak: %s (%,d pushes, %,d flaps, %,d connections): %s%n",
                when, pushed, flaps, connections, footprint);
    }

    private void live(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            together(List.of(this::pushSome, this::flap, this::connect));
        }
    }

    private void together(List<Callable<?>> tasks) throws Exception {
        List<Future<?>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(threads.submit(task)));
        for (Future<?> task : running) {
            task.get();
        }
    }

    private Void pushSome() throws Exception {
        for (int i = 0; i < PUSHES; i++) {
            push("rest", RuleSets.at(pushed++));
        }
        return null;
    }

    private void push(String owner, List<Message> objects) throws Exception {
        ApplyResponse response =
                client.apply(
                        ApplyOptions.newBuilder().setOwner(owner).setReplace(true).build(),
                        objects);
        assertThat(response.getPlan().getChangesList()).isNotEmpty();
    }

    private Void flap() {
        switch (flaps++ % 3) {
            case 0 -> {
                flapping.delete();
                flapping.make();
            }
            case 1 -> {
                flapping.set("down");
                flapping.set("up");
            }
            default -> {
                // Gone again while the daemon still looks at it.
                flapping.delete();
                flapping.make();
                flapping.delete();
                flapping.make();
            }
        }
        flapping.awaitGuarded();
        return null;
    }

    /** And what else goes on: somebody is denied, looks who is denied, and metrics are scraped. */
    private Void connect() throws Exception {
        connect(outside, Network.address4(1, 1), RuleSets.INBOUND);
        connect(outside, Network.address6(1, 1), RuleSets.INBOUND);
        connect(inside, Network.address4(1, 2), RuleSets.OUTBOUND);
        connect(inside, Network.address6(1, 2), RuleSets.OUTBOUND);
        outside.knock(Network.address4(1, 1), CLOSED, CROWD);
        BlockingClientCall<?, TopResponse> top =
                client.portcullis().top(TopRequest.getDefaultInstance());
        assertThat(top.read().getSourcesList()).isNotEmpty();
        top.cancel("seen", null);
        agent.inside("curl", "-sS", "-o", "/dev/null", "http://127.0.0.1:9815/metrics").ok();
        return null;
    }

    private void connect(Crowd crowd, String address, int port) throws IOException {
        assertThat(crowd.visit(address, port, CROWD)).isEqualTo(CROWD);
        connections += CROWD;
    }
}

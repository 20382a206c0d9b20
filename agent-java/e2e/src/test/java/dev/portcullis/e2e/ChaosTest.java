// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.AssociateRequest;
import dev.portcullis.api.v1.ConfirmRequest;
import dev.portcullis.api.v1.DissociateRequest;
import dev.portcullis.api.v1.PortcullisGrpc.PortcullisBlockingV2Stub;
import dev.portcullis.api.v1.RollbackRequest;
import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon is killed over and over, at random moments of starts, pushes, rollbacks and
 * confirmations, by two versions in turn. PORTCULLIS_KILLS says how often (default 10),
 * PORTCULLIS_SEED draws other moments.
 */
class ChaosTest {
    private static final int PORT = 9200;
    private static final int SERVICE = 9300;
    private static final int LONGEST_START_MILLIS = 3_000;
    private static final int LONGEST_LIFE_MILLIS = 1_500;

    /** Who turns is let in by the policy that comes and goes. */
    private static final String RULES =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: friends}
            spec: {type: ip, rules: [{source: 10.77.1.2}, {source: "fd77:1::2"}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: turners}
            spec: {type: ip, rules: [{source: 10.77.3.2}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: nowhere}
            spec: {type: egress_firewall, rules: []}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: host}
            spec: {policies: [friends, nowhere]}
            """;

    private final int kills =
            Integer.parseInt(System.getenv().getOrDefault("PORTCULLIS_KILLS", "10"));
    private final long seed =
            Long.parseLong(System.getenv().getOrDefault("PORTCULLIS_SEED", "20261125"));
    private final SplittableRandom random = new SplittableRandom(seed);

    @TempDir private Path directory;
    @TempDir private Path other;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(3);
        network.echo(PORT);
        network.serve(SERVICE);
        agent =
                new Agent(network.server(), directory, "interfaces: [\"c*\"]\nmetrics: null\n")
                        .start();
        agent.apply(RULES).ok();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    @Test
    void no_packet_is_judged_by_anything_but_a_rule_set_that_somebody_committed() throws Exception {
        String[] launchers = {Agent.LAUNCHER, OtherBuild.make(other)};
        Process friend = network.stream(1, "10.77.1.1", PORT, 500);
        Process friend6 = network.stream(1, "fd77:1::1", PORT, 500);
        Process stranger = network.stream(2, "10.77.2.1", PORT, 500);
        Process turner = network.stream(3, "10.77.3.1", PORT, 500);
        Process connecting = network.steady(1, "10.77.1.1", SERVICE);
        Process refused = network.steady(2, "10.77.2.1", SERVICE);
        int changes = 0;
        int upgrades = 0;
        long[] sent = new long[3];

        agent.kill();
        for (int kill = 0; kill < kills; kill++) {
            if (random.nextInt(3) == 0) {
                agent.use(launchers[++upgrades % 2]);
            }
            if (random.nextInt(3) == 0) {
                agent.launch();
                changes += changeUntilKilled(LONGEST_START_MILLIS);
            } else {
                agent.start();
                changes += changeUntilKilled(LONGEST_LIFE_MILLIS);
            }
            assertAllAnswered(friend, sent, 0, kill);
            assertAllAnswered(friend6, sent, 1, kill);
            int[] denied = Network.answers(stranger);
            sent[2] += denied[0];
            assertThat(denied[1]).as("answers to the stranger before kill %d", kill).isZero();
        }

        agent.start();
        assertThat(changes).isPositive();
        int[] connections = Network.finish(connecting);
        assertThat(connections[1]).isZero();
        assertThat(Network.finish(refused)[0]).isZero();
        assertThat(connections[0]).isPositive();
        assertThat(turnersAreLetIn())
                .isEqualTo(
                        agent.portcullis("get", "resource", "host", "-o", "yaml")
                                        .ok()
                                        .out()
                                        .contains("turners")
                                || agent.portcullis("get", "association", "-o", "yaml")
                                        .ok()
                                        .out()
                                        .contains("turners"));
        assertThat(agent.portcullis("history", "-n", "1000").ok().out()).contains("is in force");
        System.out.printf(
                "%d kills, %d upgrades, %d changes, seed %d; datagrams: %d and %d of friends, all answered, %d of a"
                        + " stranger, none; %d connections of a friend, all answered; %s%n",
                kills,
                upgrades,
                changes,
                seed,
                sent[0],
                sent[1],
                sent[2],
                connections[0],
                java.util.Arrays.toString(Network.answers(turner)));
    }

    private static void assertAllAnswered(Process friend, long[] sent, int index, int kill)
            throws Exception {
        int[] answers = Network.answers(friend);
        sent[index] += answers[0];
        assertThat(answers[1])
                .as("answers to friend %d before kill %d", index, kill)
                .isEqualTo(answers[0]);
    }

    private boolean turnersAreLetIn() {
        return network.connect(3, "tcp", "10.77.3.1", SERVICE).equals("answered");
    }

    /** Changes one thing after the other until it is time to kill. */
    private int changeUntilKilled(int longestMillis) throws InterruptedException {
        long end = System.nanoTime() + random.nextLong(longestMillis) * 1_000_000;
        int changes = 0;
        Thread killer =
                new Thread(() -> {
                    try {
                        Thread.sleep(Math.max(0, (end - System.nanoTime()) / 1_000_000));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    agent.kill();
                });
        killer.start();
        while (killer.isAlive()) {
            try (Client client = new Client(agent.socket())) {
                changes += changeUntilGone(client.portcullis(), killer);
            }
        }
        killer.join();
        return changes;
    }

    private int changeUntilGone(PortcullisBlockingV2Stub stub, Thread killer)
            throws InterruptedException {
        int changes = 0;
        while (killer.isAlive()) {
            try {
                change(stub);
                changes++;
            } catch (StatusException e) {
                if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                    Thread.sleep(10);
                    return changes;
                }
                // Something waits to be confirmed, or there is nothing to confirm or to go back to.
            }
        }
        return changes;
    }

    private void change(PortcullisBlockingV2Stub agent)
            throws StatusException, InterruptedException {
        String timeout = random.nextInt(3) == 0 ? "5s" : "";
        switch (random.nextInt(6)) {
            case 0, 1 ->
                    agent.associate(
                            AssociateRequest.newBuilder()
                                    .setPolicy("turners")
                                    .setResource("host")
                                    .setConfirmTimeout(timeout)
                                    .build());
            case 2, 3 ->
                    agent.dissociate(
                            DissociateRequest.newBuilder()
                                    .setPolicy("turners")
                                    .setResource("host")
                                    .setConfirmTimeout(timeout)
                                    .build());
            case 4 -> agent.rollback(RollbackRequest.getDefaultInstance());
            default -> agent.confirm(ConfirmRequest.getDefaultInstance());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.ResourceStatus;
import dev.portcullis.api.v1.StatusRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions whose layouts differ take over from each other without a gap. */
class UpgradeTest {
    private static final int PORT = 9200;
    private static final int SERVICE = 9300;
    private static final String RULES =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: friends}
            spec: {type: ip, rules: [{source: 10.77.1.2}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: mirrors}
            spec: {type: egress_firewall, rules: [{egressRule: {target: 10.77.3.2, protocol: all}}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: host}
            spec: {policies: [friends, mirrors]}
            """;

    @TempDir private static Path other;
    private static String otherLauncher;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeAll
    static void build() {
        otherLauncher = OtherBuild.make(other);
    }

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
    void each_version_takes_over_from_the_other_under_traffic_without_a_wrong_verdict()
            throws Exception {
        Process friend = network.stream(1, "10.77.1.1", PORT, 500);
        Process stranger = network.stream(2, "10.77.2.1", PORT, 500);

        for (int round = 0; round < 2; round++) {
            for (String launcher : new String[] {otherLauncher, Agent.LAUNCHER}) {
                agent.kill();
                agent.use(launcher);
                agent.start();
            }
        }

        int[] friendly = Network.answers(friend);
        int[] strange = Network.answers(stranger);
        assertThat(friendly[0]).isGreaterThan(1_000);
        assertThat(friendly[1]).isEqualTo(friendly[0]);
        assertThat(strange[0]).isGreaterThan(1_000);
        assertThat(strange[1]).isZero();
        assertThat(agent.bpffs().resolve("objects").toFile().list()).containsExactly("5");
    }

    @Test
    void counters_go_on_from_version_to_version() throws Exception {
        Process stranger = network.stream(2, "10.77.2.1", PORT, 500);
        long sent = 0;
        for (String launcher : new String[] {otherLauncher, Agent.LAUNCHER}) {
            agent.kill();
            agent.use(launcher);
            agent.start();
            sent += Network.answers(stranger)[0];
            assertThat(dropped()).isGreaterThanOrEqualTo(sent);
        }
        assertThat(sent).isGreaterThan(500);
    }

    private long dropped() throws Exception {
        try (Client client = new Client(agent.socket())) {
            return client
                    .portcullis()
                    .status(StatusRequest.getDefaultInstance())
                    .getResourcesList()
                    .stream()
                    .mapToLong(ResourceStatus::getDroppedPackets)
                    .sum();
        }
    }

    @Test
    void connections_that_this_host_began_go_on() throws Exception {
        network.echoAt(3, PORT);
        Process mirror = network.streamFromServer("10.77.3.2", PORT, 500);

        agent.kill();
        agent.use(otherLauncher);
        agent.start();
        agent.kill();
        agent.use(Agent.LAUNCHER);
        agent.start();

        int[] answers = Network.answers(mirror);
        assertThat(answers[0]).isGreaterThan(500);
        assertThat(answers[1]).isEqualTo(answers[0]);
    }

    @Test
    void what_waits_to_be_confirmed_goes_on_waiting_in_another_version() {
        agent.apply(RULES.replace("10.77.1.2", "10.77.2.2"), "--confirm-timeout", "20s").ok();
        agent.kill();
        agent.use(otherLauncher);
        agent.start();

        assertThat(network.connect(1, "tcp", "10.77.1.1", SERVICE)).isEqualTo("silent");
        Agent.await(
                "it is taken back",
                () -> network.connect(1, "tcp", "10.77.1.1", SERVICE).equals("answered"));
    }
}

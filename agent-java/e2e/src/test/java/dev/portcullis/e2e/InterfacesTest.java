// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interfaces that come, go and change their part while the agent runs. */
class InterfacesTest {
    private static final String OFFICE =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec:
              type: ip
              rules:
                - {source: 10.77.1.0/24}
            ---
            """;

    private static final String WEB =
            """
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec:
              ports:
                - {protocol: TCP, port: 9200}
              policies: [office]
            """;

    private static final String ADDRESS = "10.78.0.1";

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void prepare() {
        network = new Network(1);
        network.serve(9200);
    }

    private void start(String interfaces) {
        agent = new Agent(network.server(), directory, "interfaces: " + interfaces + "\n").start();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    /** Lays a second wire to the client, whose end at the server, late0, is down. */
    private void plug() {
        String server = network.server();
        String client = network.client(1);
        Network.ip(
                "-n", server, "link", "add", "late0", "type", "veth", "peer", "name", "late",
                "netns", client);
        Network.ip("-n", client, "addr", "add", "10.78.0.2/24", "dev", "late");
        Network.ip("-n", client, "link", "set", "late", "up");
    }

    private void setUp(String device) {
        String server = network.server();
        Network.ip("-n", server, "addr", "add", ADDRESS + "/24", "dev", device);
        Network.ip("-n", server, "link", "set", "late0", "up");
        Network.ip("-n", server, "link", "set", device, "up");
    }

    private String status() {
        return agent.portcullis("status").ok().out();
    }

    private void awaitStatus(String line) {
        Pattern pattern = Pattern.compile("(?m)^" + line + "$");
        Agent.await("status says " + line, () -> pattern.matcher(status()).find());
    }

    private long dropped() {
        Matcher row = Pattern.compile("(?m)^web +yes +enforce .* (\\d+)$").matcher(status());
        assertThat(row.find()).isTrue();
        return Long.parseLong(row.group(1));
    }

    @Test
    void an_interface_is_guarded_before_it_is_set_up_so_that_its_first_packet_is_judged()
            throws Exception {
        start("[\"late*\"]");
        agent.apply(OFFICE + WEB).ok();

        plug();
        awaitStatus("late0 +\\d+ +native");
        Process denied = network.steady(1, ADDRESS, 9200);
        setUp("late0");
        Agent.await("packets were judged", () -> dropped() > 2);

        int[] counts = Network.finish(denied);
        assertThat(counts[0]).isZero();
    }

    @Test
    void an_interface_that_is_made_again_belongs_to_the_resource_that_names_it_with_its_counters() {
        start("[\"late*\"]");
        plug();
        agent.apply(OFFICE + WEB.replace("  ports:", "  interfaces: [late0]\n  ports:")).ok();
        setUp("late0");
        assertThat(network.connect(1, "tcp", ADDRESS, 9200)).isEqualTo("silent");
        long before = dropped();
        assertThat(before).isPositive();

        Network.ip("-n", network.server(), "link", "del", "late0");
        awaitStatus("warning: resource web names interface late0, which is not guarded");
        plug();
        awaitStatus("late0 +\\d+ +native");
        setUp("late0");

        assertThat(network.connect(1, "tcp", ADDRESS, 9200)).isEqualTo("silent");
        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(dropped()).isGreaterThan(before);
    }

    @Test
    void a_port_stands_for_the_bridge_that_it_joins() {
        start("[\"late*\", \"br*\"]");
        agent.apply(OFFICE + WEB).ok();
        Network.ip("-n", network.server(), "link", "add", "br0", "type", "bridge");
        plug();
        awaitStatus("br0 +\\d+ +generic.*");
        awaitStatus("late0 +\\d+ +native.*");

        Network.ip("-n", network.server(), "link", "set", "late0", "master", "br0");

        awaitStatus("br0 +\\d+ +left_alone +gets only what was judged at late0");
        awaitStatus("late0 +\\d+ +native +-");
        setUp("br0");
        assertThat(network.connect(1, "tcp", ADDRESS, 9200)).isEqualTo("silent");
    }

    @Test
    void a_bridge_with_an_exact_name_stands_for_the_port_that_joins_it() {
        Network.ip("-n", network.server(), "link", "add", "br0", "type", "bridge");
        start("[br0, \"late*\"]");
        plug();
        agent.apply(OFFICE + WEB.replace("  ports:", "  interfaces: [late0, br0]\n  ports:")).ok();
        awaitStatus("late0 +\\d+ +native");

        Network.ip("-n", network.server(), "link", "set", "late0", "master", "br0");

        awaitStatus("late0 +\\d+ +left_alone +is a port of br0, .*");
        assertThat(status())
                .contains(
                        "warning: resource web names interface late0, where nothing is judged,"
                                + " since it is a port of br0");
        setUp("br0");
        assertThat(network.connect(1, "tcp", ADDRESS, 9200)).isEqualTo("silent");
    }

    @Test
    void a_bridge_and_its_port_both_named_are_refused_at_the_start() {
        plug();
        Network.ip("-n", network.server(), "link", "add", "br0", "type", "bridge");
        Network.ip("-n", network.server(), "link", "set", "late0", "master", "br0");
        agent = new Agent(network.server(), directory, "interfaces: [br0, late0]\n");

        assertThat(agent.startAndFail()).isEqualTo(1);

        assertThat(agent.log()).contains("are both named in \"interfaces\"");
    }
}

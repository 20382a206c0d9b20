// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets between namespaces, and what becomes of them. */
class EnforcementTest {
    private static final String OFFICE =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec:
              type: ip
              rules:
                - {source: 10.77.1.0/24, description: head office}
                - {source: "fd77:1::/64"}
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
                - {protocol: UDP, port: 9200, endPort: 9201}
              policies: [office]
            """;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(2);
        network.serve(9200, 9201, 22);
        agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1, c2]\nmetrics: 127.0.0.1:9815\n")
                        .start();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    @Test
    void everyone_gets_in_before_the_first_association() {
        agent.apply(WEB.replace("policies: [office]", "policies: []")).ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
    }

    @Test
    void denied_client_gets_no_answer_after_the_flip_and_the_allowed_one_does() {
        agent.apply(OFFICE + WEB).ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(1, "tcp", "fd77:1::1", 9200)).isEqualTo("answered");
        assertThat(network.connect(1, "udp", "10.77.1.1", 9201)).isEqualTo("answered");
        assertThat(network.connect(1, "udp", "fd77:1::1", 9201)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        assertThat(network.connect(2, "tcp", "fd77:2::1", 9200)).isEqualTo("silent");
        assertThat(network.connect(2, "udp", "10.77.2.1", 9201)).isEqualTo("silent");
        assertThat(network.connect(2, "udp", "fd77:2::1", 9201)).isEqualTo("silent");
    }

    @Test
    void ports_that_no_resource_names_stay_open() {
        agent.apply(OFFICE + WEB).ok();

        assertThat(network.connect(2, "tcp", "10.77.2.1", 9201)).isEqualTo("answered");
    }

    @Test
    void fragments_follow_their_first_fragment() {
        agent.apply(OFFICE + WEB).ok();

        assertThat(network.connect(1, "udp", "10.77.1.1", 9200, "5000")).isEqualTo("answered");
        assertThat(network.connect(1, "udp", "fd77:1::1", 9200, "5000")).isEqualTo("answered");
        assertThat(network.connect(2, "udp", "10.77.2.1", 9200, "5000")).isEqualTo("silent");
        assertThat(network.connect(2, "udp", "fd77:2::1", 9200, "5000")).isEqualTo("silent");
    }

    @Test
    void the_failsafe_port_answers_however_closed_the_host_is() {
        String nobody = OFFICE.replaceAll("(?m)^ +- .*\n", "").replace("rules:", "rules: []");
        String host = WEB.replaceAll("(?s)  ports:.*?  policies", "  policies");

        agent.apply(nobody + host).ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("silent");
        assertThat(network.connect(1, "tcp", "10.77.1.1", 22)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "fd77:2::1", 22)).isEqualTo("answered");
    }

    @Test
    void a_resource_on_one_interface_leaves_the_others_alone() {
        agent.apply(OFFICE + WEB.replace("  ports:", "  interfaces: [c1]\n  ports:")).ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
    }

    @Test
    void a_resource_of_one_local_address_leaves_the_others_alone() {
        agent.apply(OFFICE + WEB.replace("  ports:", "  addresses: [10.77.2.1]\n  ports:")).ok();

        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        assertThat(network.connect(2, "tcp", "fd77:2::1", 9200)).isEqualTo("answered");
    }

    @Test
    void an_own_address_that_is_added_later_belongs_to_local() {
        agent.apply(OFFICE + WEB.replace("  ports:", "  addresses: [local]\n  ports:")).ok();
        Network.ip("-n", network.server(), "addr", "add", "10.77.2.9/24", "dev", "c2");

        Agent.await(
                "the new address is judged",
                () -> network.connect(2, "tcp", "10.77.2.9", 9200).equals("silent"));
    }

    @Test
    void allowed_connections_never_fail_and_denied_ones_never_pass_while_rules_change()
            throws Exception {
        agent.apply(OFFICE + WEB).ok();
        Process allowed = network.steady(1, "10.77.1.1", 9200);
        Process denied = network.steady(2, "10.77.2.1", 9200);

        for (int commit = 0; commit < 12; commit++) {
            agent.apply(OFFICE.replace("rules:", "rules:\n    - {source: 192.0.2." + commit + "}"))
                    .ok();
        }

        int[] allowedCounts = Network.finish(allowed);
        int[] deniedCounts = Network.finish(denied);
        assertThat(allowedCounts[0]).isGreaterThan(100);
        assertThat(allowedCounts[1]).isZero();
        assertThat(deniedCounts[0]).isZero();
        assertThat(deniedCounts[1]).isPositive();
    }

    @Test
    void the_kernel_goes_on_judging_when_the_agent_is_killed_and_the_next_start_adopts() {
        agent.apply(OFFICE + WEB).ok();
        agent.kill();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");

        agent.start();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        assertThat(agent.log()).contains("event=interface_adopted interface=c1");
    }

    @Test
    void counters_live_on_over_a_restart() {
        agent.apply(OFFICE + WEB).ok();
        network.connect(2, "udp", "10.77.2.1", 9200);
        agent.stop();

        agent.start();

        assertThat(dropped()).isEqualTo("1.0");
    }

    private String dropped() {
        String page = agent.inside("curl", "-sS", "http://127.0.0.1:9815/metrics").ok().out();
        return page.lines()
                .filter(line ->
                        line.startsWith("portcullis_packets_total")
                                && line.contains("no_policy_match"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("missing in:\n" + page);
    }

    @Test
    void an_interface_that_vanishes_and_comes_back_is_guarded_again() {
        agent.apply(OFFICE + WEB).ok();
        Network.ip("-n", network.server(), "link", "del", "c2");
        network.plug(2);

        Agent.await(
                "the interface is guarded again",
                () -> network.connect(2, "tcp", "10.77.2.1", 9200).equals("silent"));
    }

    @Test
    void detach_opens_what_was_protected_and_says_so() {
        agent.apply(OFFICE + WEB).ok();

        Command detach = agent.portcullis("detach").ok();

        assertThat(detach.out()).contains("c1").contains("c2").contains("web");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Why was this dropped?", asked in each of the ways there are. */
class ExplanationTest {
    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(1);
        network.serve(9200);
        agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [\"c*\"]\nmetrics: 127.0.0.1:9815\n")
                        .start();
        agent.apply(
                        """
                        apiVersion: portcullis.dev/v1
                        kind: Policy
                        metadata: {name: office}
                        spec:
                          type: ip
                          rules:
                            - {source: 203.0.113.0/24, description: head office}
                            - {source: "2001:db8:7::/48"}
                        ---
                        apiVersion: portcullis.dev/v1
                        kind: Resource
                        metadata: {name: elasticsearch}
                        spec:
                          ports: [{protocol: TCP, port: 9200}]
                          policies: [office]
                        """)
                .ok();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    @Test
    void explain_names_the_resource_the_policy_and_the_rule_that_let_a_packet_in() {
        Command explain =
                agent.portcullis(
                                "explain",
                                "--from",
                                "2001:db8:7::9",
                                "--to",
                                "[fd77:1::1]:9200/tcp",
                                "-o",
                                "json")
                        .ok();

        assertThat(explain.out().replaceAll("\\s", ""))
                .contains("\"verdict\":\"PASS\"")
                .contains("\"reason\":\"policy_match\"")
                .contains("\"resource\":\"elasticsearch\"")
                .contains("\"policy\":\"office\"")
                .contains("\"rule\":\"2001:db8:7::/48\"")
                .contains("\"ruleField\":\"spec.rules[1]\"");
    }

    @Test
    void explain_says_why_none_did() {
        Command explain =
                agent.portcullis("explain", "--from", "198.51.100.9", "--to", "10.77.1.1:9200/tcp")
                        .ok();

        assertThat(explain.out())
                .contains("DROP")
                .contains("no_policy_match")
                .contains("elasticsearch")
                .contains("office");
    }

    @Test
    void explain_counts_nothing() {
        agent.portcullis("explain", "--from", "198.51.100.9", "--to", "10.77.1.1:9200/tcp").ok();

        assertThat(metrics()).doesNotContainPattern("no_policy_match\",[^}]*} [1-9]");
    }

    @Test
    void a_drop_is_counted_under_its_resource_and_reason() {
        network.connect(1, "udp", "10.77.1.1", 9200);
        network.connect(1, "tcp", "10.77.1.1", 9200);

        assertThat(metrics())
                .containsPattern(
                        "portcullis_packets_total\\{resource=\"elasticsearch\",policy=\"\",direction=\"ingress\","
                                + "verdict=\"drop\",reason=\"no_policy_match\",?} [1-9]");
    }

    @Test
    void the_metrics_page_is_what_prometheus_expects() {
        Command check = Command.run(List.of("promtool", "check", "metrics"), metrics());

        assertThat(check.err() + check.out()).doesNotContain("portcullis_");
        assertThat(metrics())
                .contains("portcullis_generation ")
                .contains("portcullis_map_capacity{map=\"sources4\",} 1000000.0");
    }

    @Test
    void drops_are_streamed_as_they_happen() throws Exception {
        Process drops = agent.follow("drops", "--follow", "--count", "1", "-o", "json");
        String line = "";
        for (int i = 0; i < 20 && line.isEmpty(); i++) {
            network.connect(1, "tcp", "10.77.1.1", 9200);
            line = drops.inputReader().ready() ? drops.inputReader().readLine() : "";
        }

        assertThat(line)
                .contains("10.77.1.2")
                .contains("elasticsearch")
                .contains("no_policy_match");
        drops.destroyForcibly().waitFor();
    }

    @Test
    void status_tells_what_is_guarded_and_how() {
        Command status = agent.portcullis("status", "-o", "json").ok();

        assertThat(status.out().replaceAll("\\s", ""))
                .contains("\"name\":\"c1\"")
                .contains("\"mode\":\"native\"");
    }

    private String metrics() {
        return agent.inside("curl", "-sS", "http://127.0.0.1:9815/metrics").ok().out();
    }
}

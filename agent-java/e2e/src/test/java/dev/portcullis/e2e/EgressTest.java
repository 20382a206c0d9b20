// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What leaves the server, and what the agent tells of it. */
class EgressTest {
    private static final String THERE = "10.77.1.2";

    private static final String WEB_ONLY =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: web-only}
            spec:
              type: egress_firewall
              rules:
                - {egress_rule: {target: 198.51.100.0/24}}
                - {egress_rule: {target: 10.77.1.0/24, protocol: udp, ports: [443]}}
                - {egress_rule: {target: 10.77.1.0/24, protocol: tcp, ports: [443]}, description: the web}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: host}
            spec:
              policies: [web-only]
            """;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(1);
        network.serve(9200);
        network.serveAt(1, 443, 80);
        agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1]\nmetrics: 127.0.0.1:9815\n")
                        .start();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    @Test
    void the_host_reaches_only_what_its_policy_names_and_is_still_a_server() {
        agent.apply(WEB_ONLY).ok();

        assertThat(network.reach("tcp", THERE, 443)).isEqualTo("answered");
        assertThat(network.reach("tcp", THERE, 80)).isEqualTo("silent");
        assertThat(network.reach("udp", THERE, 80)).isEqualTo("silent");
        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(1, "udp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(agent.inside("curl", "-sS", "http://127.0.0.1:9815/metrics").ok().out())
                .containsPattern(
                        "portcullis_packets_total\\{resource=\"host\",policy=\"\",direction=\"egress\","
                                + "verdict=\"drop\",reason=\"no_policy_match\",?} [1-9]");
        assertThat(agent.portcullis("get", "policy", "web-only").ok().out())
                .containsPattern("198\\.51\\.100\\.0/24 +never")
                .containsPattern("10\\.77\\.1\\.0/24 tcp 443 +[0-9]");
    }

    @Test
    void explain_tells_which_rule_lets_a_packet_out_and_that_none_does() {
        agent.apply(WEB_ONLY).ok();

        Command allowed = explain("10.77.1.2:443/tcp");
        Command denied = explain("10.77.1.2:80/tcp");

        assertThat(allowed.out())
                .contains("PASS", "egress", "(spec.rules[2], the web)")
                .contains("policy web-only lets it go to 10.77.1.2 by its rule");
        assertThat(denied.out())
                .contains("DROP", "no_policy_match")
                .contains("none of its policies (web-only) lets it go to 10.77.1.2");
    }

    @Test
    void diff_tells_which_destinations_are_no_longer_reached() {
        Path file = agent.write("web-only.yaml", WEB_ONLY);

        Command diff = agent.portcullis("diff", "-f", file.toString()).ok();

        assertThat(diff.out())
                .contains("host (egress)  every address 0-21/tcp, 23-65535/tcp", " to 443/tcp")
                .containsPattern("(?m)^  - 10\\.77\\.0\\.0/24$")
                .doesNotContain("198.51.100.0/24", "  + ");
        assertThat(network.reach("tcp", THERE, 80)).isEqualTo("answered");
    }

    private Command explain(String to, String... more) {
        Stream<String> all =
                Stream.concat(
                        Stream.of("explain", "--from", "10.77.1.1", "--to", to), Stream.of(more));
        return agent.portcullis(all.toArray(String[]::new)).ok();
    }

    @Test
    void a_unit_is_restricted_alone_also_when_it_starts_later() throws IOException {
        String unit = "pce2e-" + ProcessHandle.current().pid() + ".service";
        agent.apply(
                        WEB_ONLY.replace(
                                "spec:\n  policies",
                                "spec:\n  workload: {unit: " + unit + "}\n  policies"))
                .ok();
        Path cgroup = Files.createDirectory(cgroups().resolve(unit));
        try {
            Agent.await(
                    "the unit is restricted",
                    () -> network.reachFrom(cgroup, "tcp", THERE, 80).equals("silent"));

            assertThat(network.reachFrom(cgroup, "tcp", THERE, 443)).isEqualTo("answered");
            assertThat(network.reach("tcp", THERE, 80)).isEqualTo("answered");
            assertThat(explain("10.77.1.2:80/tcp", "--unit", unit).out()).contains("DROP");
            assertThat(explain("10.77.1.2:80/tcp").out()).contains("PASS", "no_resource");
        } finally {
            Files.delete(cgroup);
        }
        Command gone =
                agent.portcullis(
                        "explain",
                        "--from",
                        "10.77.1.1",
                        "--to",
                        "10.77.1.2:80/tcp",
                        "--unit",
                        unit);

        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.err()).contains("workload: ", "has no cgroup now");
    }

    /** Where cgroup v2 is mounted. */
    private static Path cgroups() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError("cgroup v2 is not mounted"));
    }
}

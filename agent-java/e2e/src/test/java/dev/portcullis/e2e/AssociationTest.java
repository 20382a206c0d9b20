// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Associations and what they do to packets; what the agent tells of them. */
class AssociationTest {
    private static final String OFFICE =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec:
              type: ip
              rules:
                - {source: 10.77.1.0/24, description: head office}
                - {source: 192.0.2.0/24}
            ---
            """;

    private static final String WEB =
            """
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec:
              ports: [{protocol: TCP, port: 9200}]
            ---
            """;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(2);
        network.serve(9200);
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
    void associate_closes_a_resource_and_dissociate_opens_it() {
        agent.apply(OFFICE + WEB).ok();
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");

        agent.portcullis("associate", "office", "web").ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        assertThat(agent.portcullis("delete", "policy", "office").err())
                .contains("is associated with resource web");

        Command opened = agent.portcullis("dissociate", "office", "web").ok();

        assertThat(opened.err()).contains("resource web: is open to all from then on");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
    }

    @Test
    void a_policy_that_is_included_by_default_closes_new_resources_alone() {
        agent.apply(WEB).ok();
        agent.apply(OFFICE.replace("type: ip", "type: ip\n  include_by_default: true")).ok();
        agent.apply(WEB.replace("web", "other").replace("9200", "9300")).ok();

        assertThat(agent.portcullis("get", "policies").ok().out()).contains("other");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
        agent.portcullis("dissociate", "office", "other").ok();
        agent.portcullis("delete", "policy", "office").ok();
    }

    @Test
    void diff_tells_which_sources_lose_access_before_they_do() {
        agent.apply(OFFICE + WEB).ok();
        String closed = WEB.replace("spec:\n", "spec:\n  policies: [office]\n");

        Command diff = diff(closed);

        assertThat(diff.out()).contains("web", "9200/tcp", "::/0", "10.77.2.0/23", "192.0.3.0/24");
        assertThat(diff.out()).doesNotContain("10.77.1.0/24");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");
    }

    @Test
    void a_diff_of_more_prefixes_than_a_message_holds_arrives_whole() {
        String office = OFFICE.substring(0, OFFICE.indexOf("  rules:"));
        agent.apply(office + "---\n" + WEB.replace("spec:\n", "spec:\n  policies: [office]\n"))
                .ok();
        // Every other address, so that none becomes one with its neighbour.
        List<String> sources =
                IntStream.range(0, 50_000)
                        .filter(i -> i % 2 == 0)
                        .mapToObj(i -> "10.80." + i / 256 + "." + i % 256 + "/32")
                        .toList();
        String rules =
                sources.stream()
                        .map(source -> "    - {source: " + source + "}\n")
                        .collect(Collectors.joining());

        Command diff = diff(office + "  rules:\n" + rules);

        assertThat(diff.out().lines().filter(line -> line.matches("  [+-] .*")).toList())
                .isEqualTo(sources.stream().map(source -> "  + " + source).toList());
    }

    private Command diff(String yaml) {
        return Command.run(
                        List.of(
                                Agent.LAUNCHER,
                                "--socket",
                                agent.socket().toString(),
                                "diff",
                                "-f",
                                "-"),
                        yaml)
                .ok();
    }

    @Test
    void a_rule_tells_when_it_last_matched_over_a_restart_and_one_that_never_did_says_so() {
        agent.apply(OFFICE + WEB).ok();
        agent.portcullis("associate", "office", "web").ok();
        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");

        agent.stop();
        agent.start();

        String rules = agent.portcullis("get", "policy", "office").ok().out();
        assertThat(rules.lines().filter(line -> line.contains("10.77.1.0/24")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).doesNotContain("never"));
        assertThat(rules.lines().filter(line -> line.contains("192.0.2.0/24")).findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("never"));
    }

    @Test
    void audit_mode_lets_pass_and_counts_what_it_would_deny() {
        agent.apply(OFFICE + WEB.replace("spec:\n", "spec:\n  mode: audit\n")).ok();
        agent.portcullis("associate", "office", "web").ok();

        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");

        String metrics = agent.inside("curl", "-s", "http://127.0.0.1:9815/metrics").ok().out();
        assertThat(metrics)
                .containsPattern(
                        "portcullis_packets_total\\{resource=\"web\",policy=\"\",direction=\"ingress\","
                                + "verdict=\"audit\",reason=\"no_policy_match\",?\\} [1-9]");
    }
}

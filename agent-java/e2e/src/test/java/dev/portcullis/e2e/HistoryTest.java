// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who changed what, going back, and a state directory that is not as it was written. */
class HistoryTest {
    private static final String CLOSED =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec: {type: ip, rules: [{source: 203.0.113.0/24, description: head office}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec: {ports: [{protocol: TCP, port: 80}], policies: [office]}
            """;
    private static final String OPEN = CLOSED.replace("203.0.113.0/24", "10.77.1.0/24");

    @TempDir private Path directory;
    private Network network;

    @BeforeEach
    void start() {
        network = new Network(1);
    }

    @AfterEach
    void stop() {
        network.close();
    }

    private Agent agent(String more) {
        return new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n" + more)
                .start();
    }

    private static String history(Agent agent, String... arguments) {
        List<String> line = new ArrayList<>(List.of("history"));
        line.addAll(List.of(arguments));
        return agent.portcullis(line.toArray(String[]::new)).ok().out();
    }

    private Path revision(long number) {
        return directory.resolve("state/revisions").resolve(String.format("%020d", number));
    }

    @Test
    void history_tells_who_made_each_revision_from_where_and_what_it_changed() {
        try (Agent agent = agent("")) {
            agent.apply(CLOSED, "--owner", "platform").ok();
            agent.portcullis("delete", "resource", "web").ok();
            agent.portcullis("delete", "policy", "office", "--dry-run").ok();

            assertThat(history(agent).lines())
                    .hasSize(4)
                    .satisfiesExactly(
                            header -> assertThat(header).startsWith("REVISION"),
                            second ->
                                    assertThat(second)
                                            .matches(
                                                    " *\\* 2  .*root \\(uid 0\\)  unix socket .*"
                                                            + "delete: resource web removed"),
                            first ->
                                    assertThat(first)
                                            .matches(
                                                    " *1  .*root \\(uid 0\\)  unix socket +platform"
                                                            + " .*apply: policy office added,"
                                                            + " resource web added"),
                            last -> assertThat(last).isEqualTo("* is in force"));
            assertThat(agent.log())
                    .contains("action=apply changes=2 who=\"root (uid 0)\" from=\"unix socket\"");
        }
    }

    @Test
    void a_revision_is_shown_with_each_change_and_as_json() {
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();
            agent.apply(OPEN).ok();

            assertThat(history(agent, "2"))
                    .contains("revision  2, in force", "what      apply")
                    .contains("rules: 1 added, 1 removed");
            assertThat(history(agent, "-n", "1", "-o", "json").lines())
                    .singleElement()
                    .asString()
                    .startsWith("{\"revision\":\"2\"")
                    .contains("\"uid\":0");
            assertThat(agent.portcullis("history", "3").err())
                    .contains("revision 3 is not kept; those that are: 1 to 2");
        }
    }

    @Test
    void history_lives_on_over_a_restart_and_is_as_long_as_agent_yaml_says() {
        try (Agent agent = agent("limits: {revisions: 2}\n")) {
            agent.apply(CLOSED).ok();
            agent.apply(OPEN).ok();
            agent.apply(CLOSED).ok();
            String before = history(agent);
            agent.stop();
            agent.start();

            assertThat(history(agent)).isEqualTo(before).hasLineCount(4);
            assertThat(revision(1)).doesNotExist();
        }
    }

    @Test
    void another_user_is_known_by_name() {
        try (Agent agent = agent("")) {
            Path file = agent.write("objects.yaml", CLOSED);
            Command.run(List.of("chmod", "-R", "a+rX", directory.toString())).ok();
            Command.run(List.of("chmod", "666", agent.socket().toString())).ok();

            Command.run(
                            List.of(
                                    "setpriv",
                                    "--reuid=nobody",
                                    "--clear-groups",
                                    Agent.LAUNCHER,
                                    "--socket",
                                    agent.socket().toString(),
                                    "apply",
                                    "-f",
                                    file.toString()))
                    .ok();

            assertThat(history(agent)).contains("nobody (uid 65534)");
        }
    }

    @Test
    void a_client_of_the_network_is_known_by_its_certificate_and_address() {
        Certificates certificates = new Certificates(directory, "agent", "client");
        try (Agent agent = agent(certificates.listener())) {
            String file = agent.write("objects.yaml", CLOSED).toString();

            certificates.portcullis(network.client(1), "client", "apply", "-f", file).ok();

            assertThat(history(agent)).containsPattern("CN=client +10\\.77\\.1\\.2:\\d+ ");
        }
    }

    @Test
    void a_push_that_came_too_late_is_told_who_was_first() {
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();
            agent.apply(OPEN).ok();

            assertThat(agent.apply(CLOSED, "--expected-revision", "1").err())
                    .contains("the revision is 2 since")
                    .contains(
                            "by root (uid 0) from the unix socket: 1 change (policy office"
                                    + " changed), and 1 was expected");
        }
    }

    @Test
    void a_rollback_brings_the_revision_before_back_into_force() {
        network.serve(80);
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();
            String before = agent.portcullis("get", "-o", "yaml").ok().out();
            agent.apply(OPEN).ok();
            assertThat(connect()).isEqualTo("answered");

            Command dry = agent.portcullis("rollback", "--dry-run").ok();
            assertThat(dry.out())
                    .contains("back to revision 1", "rules: 1 added, 1 removed", "dry run");
            assertThat(connect()).isEqualTo("answered");
            assertThat(agent.portcullis("rollback").ok().out()).contains("in force as revision 3");

            assertThat(connect()).isEqualTo("silent");
            assertThat(agent.portcullis("get", "-o", "yaml").ok().out()).isEqualTo(before);
            assertThat(history(agent)).contains("rollback to 1: policy office changed");
        }
    }

    private String connect() {
        return network.connect(1, "tcp", "10.77.1.1", 80);
    }

    @Test
    void a_rollback_to_what_is_in_force_says_that_nothing_changes() {
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();

            assertThat(agent.portcullis("rollback", "--to", "1").ok().out())
                    .contains("nothing to change; the revision stays 1");
            Command none = agent.portcullis("rollback");
            assertThat(none.exit()).isEqualTo(1);
            assertThat(none.err()).contains("no revision before 1 is kept");
        }
    }

    @Test
    void a_damaged_revision_is_passed_over_at_the_start_and_status_warns() throws IOException {
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();
            String before = agent.portcullis("get", "-o", "yaml").ok().out();
            agent.apply(OPEN).ok();
            agent.stop();
            byte[] manifest = Files.readAllBytes(revision(2));
            manifest[manifest.length / 2] ^= 1;
            Files.write(revision(2), manifest);
            agent.start();

            assertThat(agent.portcullis("get", "-o", "yaml").ok().out()).isEqualTo(before);
            assertThat(agent.portcullis("status").ok().out())
                    .contains("warning: revision 2 was found damaged at the start")
                    .contains("1 damaged file of the state directory went to");
            assertThat(agent.log()).contains("event=revision_corrupt");
        }
    }

    @Test
    void an_agent_that_lost_every_revision_does_not_start_and_the_kernel_goes_on_judging()
            throws IOException {
        network.serve(80);
        try (Agent agent = agent("")) {
            agent.apply(CLOSED).ok();
            agent.stop();
            byte[] manifest = Files.readAllBytes(revision(1));
            Files.write(revision(1), new byte[0]);

            for (int start = 1; start <= 2; start++) {
                assertThat(agent.startAndFail()).as("start %d", start).isEqualTo(1);
            }
            assertThat(agent.log())
                    .contains("event=start_failed", "no revision in the state directory");
            assertThat(connect()).isEqualTo("silent");

            Files.write(revision(1), manifest);
            agent.start();
            assertThat(history(agent)).contains("* 1");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions, and who may make them. */
class ControlTest {
    private static final String OBJECTS =
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

    @Test
    void a_dry_run_shows_the_plan_and_changes_nothing() {
        try (Agent agent = agent("")) {
            Command dry = agent.apply(OBJECTS, "--dry-run").ok();

            assertThat(dry.out()).contains("added").contains("office").contains("dry run");
            assertThat(agent.portcullis("get", "-o", "json").ok().out()).doesNotContain("office");
        }
    }

    @Test
    void a_push_that_expects_another_revision_is_refused_with_the_current_one() {
        try (Agent agent = agent("")) {
            agent.apply(OBJECTS, "--expected-revision", "0").ok();

            Command second = agent.apply(OBJECTS, "--expected-revision", "0");

            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).contains("the revision is 1").contains("0 was expected");
        }
    }

    @Test
    void replace_deletes_what_the_files_do_not_hold() {
        try (Agent agent = agent("")) {
            agent.apply(OBJECTS).ok();

            Command replace =
                    agent.apply(
                                    "apiVersion: portcullis.dev/v1\n"
                                            + "kind: Policy\n"
                                            + "metadata: {name: vpn}\n"
                                            + "spec: {type: ip}\n",
                                    "--replace")
                            .ok();

            assertThat(replace.out()).contains("removed");
            assertThat(agent.portcullis("get", "-o", "json").ok().out())
                    .contains("vpn")
                    .doesNotContain("office");
        }
    }

    @Test
    void what_get_prints_is_taken_back_by_apply_without_a_change() {
        try (Agent agent = agent("")) {
            agent.apply(OBJECTS).ok();
            String printed = agent.portcullis("get", "-o", "yaml").ok().out();

            assertThat(agent.apply(printed).ok().out()).contains("nothing to change");
        }
    }

    @Test
    void objects_and_revision_live_on_over_a_restart() {
        try (Agent agent = agent("")) {
            agent.apply(OBJECTS).ok();
            String before = agent.portcullis("get", "-o", "json").ok().out();
            agent.stop();
            agent.start();

            assertThat(agent.portcullis("get", "-o", "json").ok().out()).isEqualTo(before);
        }
    }

    @Test
    void the_socket_is_closed_to_others() {
        try (Agent agent = agent("")) {
            assertThat(Command.run(List.of("stat", "-c", "%A", agent.socket().toString())).out())
                    .startsWith("srw-rw----");
        }
    }

    @Test
    void over_tcp_only_who_shows_a_certificate_is_heard() {
        Certificates certificates = new Certificates(directory, "agent", "client", "stranger");
        try (Agent agent = agent(certificates.listener())) {
            assertThat(agent.portcullis("status").ok().out()).contains("c1");

            String namespace = network.client(1);
            assertThat(certificates.portcullis(namespace, "client", "status").ok().out())
                    .contains("c1");
            Command stranger = certificates.portcullis(namespace, "stranger", "status");
            assertThat(stranger.exit()).isEqualTo(3);
            assertThat(stranger.err().lines().count()).isEqualTo(1);
        }
    }

    @Test
    void health_and_reflection_answer_any_grpc_client() throws Exception {
        try (Agent agent = agent("");
                Client client = new Client(agent.socket())) {
            assertThat(client.health("portcullis.v1.Portcullis")).isEqualTo("SERVING");
            assertThat(client.services())
                    .contains("portcullis.v1.Portcullis", "grpc.health.v1.Health");
        }
    }
}

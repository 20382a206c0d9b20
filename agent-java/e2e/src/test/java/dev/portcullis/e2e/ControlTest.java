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
        for (String name : List.of("agent", "client", "stranger")) {
            authority(name);
        }
        String tls =
                "listen: 10.77.1.1:7443\ntls: {certificate: %1$s/agent.pem, key: %1$s/agent.key, clientCa: %1$s/client-ca.pem}\n"
                        .formatted(directory);
        try (Agent agent = agent(tls)) {
            assertThat(agent.portcullis("status").ok().out()).contains("c1");

            assertThat(remote("client").ok().out()).contains("\"name\": \"c1\"");
            Command stranger = remote("stranger");
            assertThat(stranger.exit()).isEqualTo(3);
            assertThat(stranger.err().lines().count()).isEqualTo(1);
        }
    }

    /** An authority, and a certificate that it signs. */
    private void authority(String name) {
        String script =
                """
                openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=%1$s-ca -keyout %1$s-ca.key -out %1$s-ca.pem
                openssl req -newkey rsa:2048 -nodes -subj /CN=%1$s -keyout %1$s.key -out %1$s.csr
                printf 'subjectAltName=IP:10.77.1.1\\n' > %1$s.ext
                openssl x509 -req -in %1$s.csr -CA %1$s-ca.pem -CAkey %1$s-ca.key -CAcreateserial -days 2 -extfile %1$s.ext -out %1$s.pem
                """
                        .formatted(name);
        Command.run(List.of("sh", "-ec", "cd " + directory + "\n" + script)).ok();
    }

    /** Asks for the status over TLS, from the client's namespace. */
    private Command remote(String who) {
        return Command.run(
                Network.inside(
                        network.client(1),
                        List.of(
                                Agent.LAUNCHER,
                                "--address",
                                "10.77.1.1:7443",
                                "--tls-ca",
                                directory.resolve("agent-ca.pem").toString(),
                                "--tls-certificate",
                                directory.resolve(who + ".pem").toString(),
                                "--tls-key",
                                directory.resolve(who + ".key").toString(),
                                "status",
                                "-o",
                                "json")));
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

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and address sets, from a real DNS server and a real file to packets. */
class WordsTest {
    private static final String WEB =
            """
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec:
              ports: [{protocol: TCP, port: 9200}]
              policies: [filter]
            ---
            """;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(2);
        network.serve(9200);
        network.resolve(
                "--host-record=good.example.org,10.77.1.2",
                "--host-record=bad.example.net,10.77.2.2");
        agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1, c2]\nmetrics: null\n"
                                        + "dns: {servers: [\"127.0.0.1:5353\"], timeout: 2s}\n")
                        .start();
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    @Test
    void a_pattern_lets_in_whose_reverse_name_matches_and_nobody_else() {
        agent.apply(WEB + filter("allow: [\"*.example.org\"]", "deny: [_all]")).ok();

        Agent.await(
                "the first packets have waited",
                () -> network.connect(1, "tcp", "10.77.1.1", 9200).equals("answered"));
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        Agent.await("the stranger's name is known", () -> reason(2).equals("no_policy_match"));
    }

    @Test
    void an_exact_name_lets_in_from_the_first_packet() {
        agent.apply(WEB + filter("allow: [good.example.org]", "deny: [_all]")).ok();

        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
    }

    @Test
    void a_blocklist_follows_its_file() {
        Path list = agent.write("blocked.txt", "# nobody of ours\n192.0.2.1\n");
        agent.apply(WEB + blocklist(list)).ok();
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("answered");

        agent.write("blocked.txt", "10.77.2.0/24\n");

        Agent.await("the file is read again", () -> reason(2).equals("blocklist"));
        assertThat(network.connect(2, "tcp", "10.77.2.1", 9200)).isEqualTo("silent");
        assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");
    }

    @Test
    void a_set_whose_file_is_not_there_refuses_the_push_and_changes_nothing() {
        Command refused = agent.apply(WEB + blocklist(directory.resolve("none.txt")));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("address set threats", "none.txt", "nothing was changed");
        assertThat(agent.portcullis("get").ok().out()).contains("nothing is stored yet");
    }

    private String reason(int client) {
        return agent.portcullis(
                        "explain",
                        "--from",
                        Network.address4(client, 2),
                        "--to",
                        Network.address4(client, 1) + ":9200/tcp",
                        "-o",
                        "json")
                .ok()
                .out()
                .replaceAll("(?s).*\"reason\": \"(\\w+)\".*", "$1");
    }

    private static String filter(String... lists) {
        return """
        apiVersion: portcullis.dev/v1
        kind: Policy
        metadata: {name: filter}
        spec:
          type: allow_deny
        """
                + "  "
                + String.join("\n  ", lists)
                + "\n";
    }

    private static String blocklist(Path file) {
        return """
        apiVersion: portcullis.dev/v1
        kind: AddressSet
        metadata: {name: threats}
        spec: {file: FILE}
        ---
        apiVersion: portcullis.dev/v1
        kind: Policy
        metadata: {name: filter}
        spec:
          type: blocklist
          rules: [{set: threats}]
        """
                .replace("FILE", file.toString());
    }
}

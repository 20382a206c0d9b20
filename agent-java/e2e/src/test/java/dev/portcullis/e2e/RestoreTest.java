// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a boot loads before the daemon runs, or if it does not. */
class RestoreTest {
    private static final String OFFICE =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: office}
            spec: {type: ip, rules: [{source: 10.77.1.0/24}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec: {ports: [{protocol: TCP, port: 9200}], policies: [office]}
            """;

    @TempDir private Path directory;
    private Network network;
    private Agent agent;

    @BeforeEach
    void start() {
        network = new Network(2);
        network.serve(9200, 9300, 22);
        agent =
                new Agent(network.server(), directory, "interfaces: [\"c*\"]\nmetrics: null\n")
                        .start();
        agent.apply(OFFICE).ok();
        agent.kill();
        agent.forgetKernel();
        assertThat(answer(2, 9200)).isEqualTo("answered");
    }

    @AfterEach
    void stop() {
        agent.close();
        network.close();
    }

    private String answer(int client, int port) {
        return network.connect(client, "tcp", "10.77." + client + ".1", port);
    }

    @Test
    void what_was_stored_is_in_force_without_a_daemon_and_one_that_starts_takes_it_over() {
        assertThat(agent.restore().ok().err()).contains("event=restored revision=1");

        assertThat(answer(1, 9200)).isEqualTo("answered");
        assertThat(answer(2, 9200)).isEqualTo("silent");
        assertThat(answer(2, 9300)).isEqualTo("answered");
        agent.start();
        assertThat(agent.log()).contains("event=interface_adopted interface=c2");
        assertThat(answer(2, 9200)).isEqualTo("silent");
        assertThat(agent.restore().ok().err()).contains("event=restore_not_needed");
    }

    @Test
    void what_only_the_daemon_needs_may_be_wrong() {
        agent.write(
                "agent.yaml",
                agent.config()
                        + "listen: 192.0.2.7:7443\n"
                        + "tls: {certificate: /none, key: /none, clientCa: /none}\n");
        assertThat(agent.startAndFail()).isEqualTo(1);

        agent.restore().ok();

        assertThat(answer(2, 9200)).isEqualTo("silent");
    }

    @Test
    void a_state_of_which_nothing_is_whole_lets_in_what_the_failsafe_list_does()
            throws IOException {
        damage();

        Command restored = agent.restore();

        assertThat(restored.exit()).isEqualTo(1);
        assertThat(restored.err()).contains("event=closed").contains("onStateLost");
        assertThat(answer(1, 9200)).isEqualTo("silent");
        assertThat(answer(1, 9300)).isEqualTo("silent");
        assertThat(answer(1, 22)).isEqualTo("answered");
    }

    @Test
    void the_same_lets_everybody_in_if_the_configuration_says_so() throws IOException {
        damage();
        agent.write("agent.yaml", agent.config() + "onStateLost: open\n");

        assertThat(agent.restore().exit()).isEqualTo(1);

        assertThat(answer(2, 9200)).isEqualTo("answered");
    }

    private void damage() throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory.resolve("state/revisions"))) {
            for (Path file : files) {
                Files.writeString(file, "portcullis manifest 1\nnot what was written");
            }
        }
    }
}

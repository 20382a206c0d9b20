// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon may do, and what it needs. */
class RightsTest {
    private static final String USER = "nobody";
    private static final String CAPABILITIES = "+bpf,+net_admin,+perfmon";
    private static final String CLOSED =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: nobody}
            spec: {type: ip}
            ---
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: web}
            spec: {ports: [{protocol: TCP, port: 9200}], policies: [nobody]}
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

    private Agent agent() {
        Agent agent = new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n");
        agent.giveBpffsTo(USER);
        Command.run(List.of("chown", "-R", USER, directory.toString())).ok();
        return agent;
    }

    @Test
    void the_three_capabilities_of_the_unit_are_enough_for_another_user_than_root() {
        network.serve(9200);
        try (Agent agent =
                agent().behind(
                                "setpriv",
                                "--reuid=" + USER,
                                "--clear-groups",
                                "--bounding-set=-all," + CAPABILITIES,
                                "--inh-caps=-all," + CAPABILITIES,
                                "--ambient-caps=" + CAPABILITIES)
                        .start()) {
            assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("answered");

            agent.apply(CLOSED).ok();

            assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("silent");
            agent.kill();
            agent.start();
            assertThat(network.connect(1, "tcp", "10.77.1.1", 9200)).isEqualTo("silent");
        }
    }

    @Test
    void without_rights_it_says_what_it_needs() {
        try (Agent agent =
                agent().behind("setpriv", "--reuid=" + USER, "--clear-groups", "--inh-caps=-all")) {
            assertThat(agent.startAndFail()).isEqualTo(1);
            assertThat(agent.log()).contains("CAP_BPF").doesNotContain("Exception");
        }
    }
}

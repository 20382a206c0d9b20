// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input: a sentence each, and nothing applied. */
class RefusalTest {
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

    @Test
    void every_violation_of_a_push_is_told_at_once_and_nothing_is_applied() {
        try (Agent agent =
                new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n")
                        .start()) {
            Command apply =
                    agent.apply(
                            """
                            apiVersion: portcullis.dev/v1
                            kind: Policy
                            metadata: {name: office}
                            spec: {type: ip, rules: [{source: 203.0.113.0/33}, {source: office.example}]}
                            ---
                            apiVersion: portcullis.dev/v1
                            kind: Resource
                            metadata: {name: web}
                            spec: {ports: [{protocol: TPC, port: 80}], policies: [offcie]}
                            """);

            assertThat(apply.exit()).isEqualTo(1);
            assertThat(apply.err())
                    .contains("203.0.113.0/33")
                    .contains("office.example")
                    .contains("TPC")
                    .contains("offcie");
            assertThat(agent.portcullis("get", "-o", "json").ok().out()).doesNotContain("office");
        }
    }

    @Test
    void more_prefixes_than_the_capacity_are_refused_before_any_map_is_touched() {
        try (Agent agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1]\nmetrics: null\ncapacity: {prefixes: 2}\n")
                        .start()) {
            Command apply =
                    agent.apply(
                            """
                            apiVersion: portcullis.dev/v1
                            kind: Policy
                            metadata: {name: office}
                            spec: {type: ip, rules: [{source: 192.0.2.1}, {source: 192.0.2.3}, {source: 192.0.2.5}]}
                            ---
                            apiVersion: portcullis.dev/v1
                            kind: Resource
                            metadata: {name: web}
                            spec: {policies: [office]}
                            """);

            assertThat(apply.exit()).isEqualTo(1);
            assertThat(apply.err()).contains("3").contains("capacity");
            assertThat(agent.portcullis("status", "-o", "json").ok().out())
                    .containsPattern("\"generation\": *\"1\"");
        }
    }

    @Test
    void a_policy_in_use_is_not_deleted_and_the_error_names_the_resources() {
        try (Agent agent =
                new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n")
                        .start()) {
            agent.apply(
                            """
                            apiVersion: portcullis.dev/v1
                            kind: Policy
                            metadata: {name: office}
                            spec: {type: ip}
                            ---
                            apiVersion: portcullis.dev/v1
                            kind: Resource
                            metadata: {name: web}
                            spec: {ports: [{protocol: TCP, port: 80}], policies: [office]}
                            """)
                    .ok();

            Command delete = agent.portcullis("delete", "policy", "office");

            assertThat(delete.exit()).isEqualTo(1);
            assertThat(delete.err()).contains("office").contains("web");
        }
    }

    @Test
    void an_interface_that_does_not_exist_is_named_with_those_that_do() {
        try (Agent agent =
                new Agent(network.server(), directory, "interfaces: [eth7]\nmetrics: null\n")) {
            int exit = agent.startAndFail();

            assertThat(exit).isEqualTo(1);
            assertThat(agent.log()).contains("interface eth7 does not exist").contains("c1");
        }
    }

    @Test
    void another_xdp_program_is_named_and_left_alone() {
        OtherXdp.attach(network.server(), "c1", directory);

        try (Agent agent =
                new Agent(network.server(), directory, "interfaces: [c1]\nmetrics: null\n")) {
            int exit = agent.startAndFail();

            assertThat(exit).isEqualTo(1);
            assertThat(agent.log())
                    .contains("interface c1 already has the XDP program")
                    .contains("somebody");
            assertThat(Network.ip("-n", network.server(), "-d", "link", "show", "c1").out())
                    .contains("name somebody");
        }
    }

    @Test
    void generic_mode_is_taken_when_it_is_asked_for() {
        try (Agent agent =
                new Agent(
                                network.server(),
                                directory,
                                "interfaces: [c1]\nmetrics: null\nxdpMode: generic\n")
                        .start()) {
            assertThat(agent.portcullis("status").ok().out()).contains("generic");
        }
    }

    @Test
    void a_socket_that_is_not_there_is_told_in_a_sentence() {
        try (Agent agent = new Agent(network.server(), directory, "interfaces: [c1]\n")) {
            Command status = agent.portcullis("status");

            assertThat(status.exit()).isEqualTo(3);
            assertThat(status.err().lines().count()).isEqualTo(1);
            assertThat(status.err()).contains(directory.toString()).contains("start");
        }
    }
}

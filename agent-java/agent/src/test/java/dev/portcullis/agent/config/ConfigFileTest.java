// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.dataplane.ConversationLimits;
import dev.portcullis.dataplane.ConversationTimeout;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.validation.PrefixText;
import dev.portcullis.policy.validation.Violation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    private static AgentConfig read(String yaml) throws InvalidConfigException {
        return ConfigFile.of(new SourceText("agent.yaml", yaml));
    }

    private static List<String> violations(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (InvalidConfigException e) {
            return e.violations().stream().map(Violation::toString).toList();
        }
    }

    private static Failsafe failsafe(int port, Prefix... from) {
        PortRange range = new PortRange(port, port);
        return new Failsafe(new PortMatch(Protocol.TCP, Optional.of(range)), List.of(from));
    }

    @Test
    void interfaces_alone_are_enough() throws Exception {
        AgentConfig config = read("interfaces: [eth1]");

        assertThat(config.socket()).isEqualTo(Path.of("/run/portcullis/agent.sock"));
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/var/lib/portcullis"));
        assertThat(config.dataplane().bpffs()).isEqualTo(Path.of("/sys/fs/bpf/portcullis"));
        assertThat(config.metrics())
                .contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9815));
        assertThat(config.listener()).isEmpty();
        assertThat(config.dataplane().failsafe()).containsExactly(failsafe(22));
        assertThat(config.dataplane().limits().prefixes()).isEqualTo(1_000_000);
    }

    @Test
    void null_turns_metrics_off_and_listen_too() throws Exception {
        AgentConfig config = read("{interfaces: [eth1], metrics: null, listen: null}");

        assertThat(config.metrics()).isEmpty();
        assertThat(config.listener()).isEmpty();
    }

    @Test
    void an_empty_failsafe_list_is_meant() throws Exception {
        assertThat(read("{interfaces: [eth1], failsafe: []}").dataplane().failsafe()).isEmpty();
    }

    @Test
    void failsafe_is_narrowed_to_peers() throws Exception {
        AgentConfig config =
                read(
                        "{interfaces: [eth1], failsafe: [{protocol: TCP, port: 2222, from:"
                                + " [192.0.2.0/24]}]}");

        assertThat(config.dataplane().failsafe())
                .containsExactly(failsafe(2222, PrefixText.parse("192.0.2.0/24").prefix()));
    }

    @Test
    void the_port_of_listen_is_failsafe_unless_the_list_is_written(@TempDir Path directory)
            throws Exception {
        Path pem = Files.createFile(directory.resolve("any.pem"));
        String tls = "tls: {certificate: %1$s, key: %1$s, clientCa: %1$s}".formatted(pem);

        AgentConfig config = read("interfaces: [eth1]\nlisten: 0.0.0.0:7443\n" + tls);

        assertThat(config.dataplane().failsafe()).containsExactly(failsafe(22), failsafe(7443));
    }

    @Test
    void every_violation_is_told_at_once_with_its_line() {
        assertThat(
                        violations(
                                """
                                interfacs: [eth1]
                                xdpMode: genric
                                socket: agent.sock
                                listen: 7443
                                metrics: somewhere
                                failsafe: [{protocol: TCP, port: 0, from: [10.0.0.0/33]}]
                                capacity: {prefixes: 0}
                                """))
                .satisfiesExactlyInAnyOrder(
                        v ->
                                assertThat(v)
                                        .startsWith("agent.yaml:1: interfacs")
                                        .contains("\"interfaces\""),
                        v ->
                                assertThat(v)
                                        .startsWith("agent.yaml:2: xdpMode")
                                        .contains("\"generic\""),
                        v -> assertThat(v).startsWith("agent.yaml:3: socket").contains("absolute"),
                        v -> assertThat(v).startsWith("agent.yaml:4: listen").contains("7443"),
                        v ->
                                assertThat(v)
                                        .contains("tls")
                                        .contains("certificate, key and clientCa"),
                        v -> assertThat(v).startsWith("agent.yaml:5: metrics"),
                        v -> assertThat(v).startsWith("agent.yaml:6: failsafe[0].port"),
                        v -> assertThat(v).startsWith("agent.yaml:6: failsafe[0].from[0]"),
                        v -> assertThat(v).startsWith("agent.yaml:7: capacity.prefixes"));
    }

    @Test
    void fifty_revisions_are_kept_unless_it_is_written_otherwise() throws Exception {
        assertThat(read("interfaces: [eth1]").revisions()).isEqualTo(50);
        assertThat(read("interfaces: [eth1]\nlimits: {revisions: 2}").revisions()).isEqualTo(2);
    }

    @Test
    void a_history_of_one_revision_is_told() {
        assertThat(violations("interfaces: [eth1]\nlimits: {revisions: 1}\n"))
                .containsExactly(
                        "agent.yaml:2: limits.revisions: is 1; write a number from 2 to 1,000");
    }

    @Test
    void the_room_for_sources_of_denied_packets_can_be_written() throws Exception {
        String config =
                """
                interfaces: [eth1]
                capacity: {droppedSources: 65536}
                """;

        assertThat(read(config).dataplane().limits().dropped().capacity()).isEqualTo(65_536);
    }

    @Test
    void too_little_room_for_sources_of_denied_packets_is_told() {
        assertThat(
                        violations(
                                """
                                interfaces: [eth1]
                                capacity: {droppedSources: 4095}
                                """))
                .containsExactly(
                        "agent.yaml:2: capacity.droppedSources: is 4095; write a number from 4,096"
                                + " to 4,194,304");
    }

    @Test
    void conversations_are_as_linux_knows_them_unless_written() throws Exception {
        ConversationLimits conversations =
                read("""
                interfaces: [eth1]
                conversations: {capacity: 1024, timeouts: {tcpEstablished: 30d, udp: 1s}}
                """)
                        .dataplane()
                        .limits()
                        .conversations();

        assertThat(conversations.capacity()).isEqualTo(1_024);
        assertThat(conversations.all())
                .containsEntry(ConversationTimeout.TCP_ESTABLISHED, Duration.ofDays(30))
                .containsEntry(ConversationTimeout.UDP, Duration.ofSeconds(1))
                .containsEntry(ConversationTimeout.UDP_STREAM, Duration.ofMinutes(2));
    }

    @Test
    void each_timeout_of_conversations_can_be_written() throws Exception {
        ConversationLimits conversations =
                read("""
                interfaces: [eth1]
                conversations:
                  timeouts:
                    {tcpOpening: 7m, tcpEstablished: 7m, tcpClosing: 7m, tcpClosed: 7m,
                     udp: 7m, udpStream: 7m, sctpOpening: 7m, sctpEstablished: 7m,
                     sctpClosing: 7m, icmp: 7m}
                """)
                        .dataplane()
                        .limits()
                        .conversations();

        assertThat(conversations.all().values()).containsOnly(Duration.ofMinutes(7)).hasSize(10);
    }

    @Test
    void wrong_limits_of_conversations_are_told() {
        assertThat(
                        violations(
                                """
                                interfaces: [eth1]
                                conversations:
                                  capacity: 1023
                                  timeouts: {icmp: 31d, tcpClosed: 0s, udp: soon, tcp: 5m}
                                """))
                .satisfiesExactlyInAnyOrder(
                        v ->
                                assertThat(v)
                                        .isEqualTo(
                                                "agent.yaml:3: conversations.capacity: is 1023;"
                                                        + " write a number from 1,024 to 16,777,216"),
                        v ->
                                assertThat(v)
                                        .isEqualTo(
                                                "agent.yaml:4: conversations.timeouts.icmp: \"31d\""
                                                        + " is not a time from 1s to 30d, such as"
                                                        + " 2m"),
                        v ->
                                assertThat(v)
                                        .startsWith(
                                                "agent.yaml:4: conversations.timeouts.tcpClosed"),
                        v -> assertThat(v).startsWith("agent.yaml:4: conversations.timeouts.udp:"),
                        v -> assertThat(v).startsWith("agent.yaml:4: conversations.timeouts.tcp"));
    }

    @Test
    void the_connections_of_azure_are_in_no_file_unless_one_is_named() throws Exception {
        assertThat(read("interfaces: [eth1]").azureConnections()).isEmpty();
        assertThat(read("{interfaces: [eth1], azureConnections: /etc/pls.json}").azureConnections())
                .contains(Path.of("/etc/pls.json"));
    }

    @Test
    void a_file_of_connections_is_named_by_its_whole_path() {
        assertThat(violations("{interfaces: [eth1], azureConnections: pls.json}"))
                .containsExactly(
                        "agent.yaml:1: azureConnections: \"pls.json\" is not an absolute path");
    }

    @Test
    void loopback_is_refused() {
        assertThat(violations("interfaces: [lo]")).singleElement().asString().contains("loopback");
    }

    @Test
    void a_file_that_is_not_there_is_one_sentence(@TempDir Path directory) {
        assertThatThrownBy(() -> ConfigFile.read(directory.resolve("agent.yaml")))
                .isInstanceOfSatisfying(
                        InvalidConfigException.class,
                        e ->
                                assertThat(e.violations())
                                        .singleElement()
                                        .asString()
                                        .contains("is not there"));
    }

    @Test
    void the_configuration_that_is_shipped_is_valid() throws Exception {
        Path shipped = Path.of("../cli/src/main/etc/agent.yaml");

        assertThat(ConfigFile.read(shipped).dataplane().failsafe()).containsExactly(failsafe(22));
    }
}

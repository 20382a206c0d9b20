// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.model.Workload.CgroupPath;
import dev.portcullis.policy.model.Workload.Unit;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What leaves, from files to verdicts. The host is 10.20.0.1; the resource {@code host} closes it
 * to all but DNS at 10.20.0.53, the web, and pings of 192.0.2.0/24.
 */
class EgressSemanticsTest {
    private static final String HOST = "10.20.0.1";
    private static final String STRANGER = "198.51.100.1";
    private static final Workload NGINX = new Unit("nginx.service");
    private static final Workload SYSTEM = new Unit("system.slice");
    private static final Workload NGINX_PATH = new CgroupPath("/system.slice/nginx.service");

    private static final String POLICIES =
            """
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: out}
            spec:
              type: egress_firewall
              rules:
                - {egressRule: {target: 10.20.0.53, protocol: udp, ports: [53]}}
                - {egressRule: {target: 0.0.0.0/0, protocol: tcp, ports: [80, 8000-8010]}}
                - {egressRule: {target: 192.0.2.0/24}}
                - {egressRule: {target: 203.0.113.0/24, ports: [53]}}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: in}
            spec: {type: ip, rules: [{source: 192.0.2.0/24}]}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: nowhere}
            spec: {type: egress_firewall}
            ---
            apiVersion: portcullis.dev/v1
            kind: Policy
            metadata: {name: threats}
            spec: {type: blocklist, rules: [{source: 192.0.2.66}]}
            """;

    @ParameterizedTest(name = "{0} to {1} port {2}: {3}")
    @CsvSource({
        "17, 10.20.0.53, 53, policy_match",
        "6, 10.20.0.53, 53, no_policy_match",
        "17, 10.20.0.54, 53, no_policy_match",
        "6, 198.51.100.1, 80, policy_match",
        "6, 198.51.100.1, 8000, policy_match",
        "6, 198.51.100.1, 8010, policy_match",
        "6, 198.51.100.1, 7999, no_policy_match",
        "6, 198.51.100.1, 8011, no_policy_match",
        "17, 198.51.100.1, 80, no_policy_match",
        "6, 192.0.2.1, 25, policy_match",
        "17, 203.0.113.1, 53, policy_match",
        "132, 203.0.113.1, 53, policy_match",
        "132, 198.51.100.1, 80, no_policy_match"
    })
    void a_rule_matches_by_target_protocol_and_port(
            int protocol, String to, int port, String reason) {
        DesiredState state = state(host("out"));

        Decision decision = judge(state, packet(protocol, 40_000, to, port).leaving());

        assertThat(decision.reason().label()).isEqualTo(reason);
        assertThat(decision.resource()).isEqualTo("host");
        assertThat(decision.direction()).isEqualTo(Direction.EGRESS);
    }

    @Test
    void a_packet_without_ports_matches_no_rule_with_ports() {
        DesiredState state = state(host("out"));
        Ip ping = ReferencePacket.icmp("eth0", ip(HOST), ip("203.0.113.1"), 8).leaving();
        Ip allowed = ReferencePacket.icmp("eth0", ip(HOST), ip("192.0.2.1"), 8).leaving();

        assertThat(judge(state, ping).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(state, allowed).reason()).isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void the_first_rule_that_matches_is_told() {
        Answer answer = answer(state(host("out")), tcp("192.0.2.1", 80).leaving());

        assertThat(answer.rule()).isEqualTo(OptionalInt.of(1));
    }

    @Test
    void a_policy_without_rules_lets_nothing_out() {
        assertThat(judge(state(host("nowhere")), tcp("192.0.2.1", 80).leaving()).reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void each_direction_is_closed_alone() {
        Ip leaving = tcp("192.0.2.1", 80).leaving();
        Ip arriving = arriving("198.51.100.1", 80);

        assertThat(judge(state(host("in")), leaving).reason()).isEqualTo(Reason.OPEN);
        assertThat(judge(state(host("in")), arriving).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(state(host("nowhere")), arriving).reason()).isEqualTo(Reason.OPEN);
        assertThat(judge(state(host("in, nowhere")), arriving).reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(state(host("in, nowhere")), leaving).reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void a_blocklist_denies_both_ways_and_closes_neither() {
        DesiredState state = state(host("threats"));

        assertThat(judge(state, tcp("192.0.2.66", 80).leaving()))
                .isEqualTo(decision("host", "threats", Direction.EGRESS, Reason.BLOCKLIST));
        assertThat(judge(state, arriving("192.0.2.66", 80)))
                .isEqualTo(decision("host", "threats", Direction.INGRESS, Reason.BLOCKLIST));
        assertThat(judge(state, tcp("192.0.2.67", 80).leaving()).reason()).isEqualTo(Reason.OPEN);
    }

    @Test
    void a_blocklist_comes_before_replies_and_policies() {
        DesiredState state = state(host("out, threats"));

        assertThat(judge(state, tcp("192.0.2.66", 80).leaving().asReply()).reason())
                .isEqualTo(Reason.BLOCKLIST);
    }

    @Test
    void an_answer_to_whom_was_let_in_leaves_whatever_the_policies_say() {
        DesiredState state = state(host("in, nowhere"));

        assertThat(judge(state, tcp("192.0.2.1", 40_000).leaving().asReply()))
                .isEqualTo(decision("host", "", Direction.EGRESS, Reason.REPLY));
    }

    @Test
    void an_answer_to_what_this_host_began_arrives_whatever_the_policies_say() {
        DesiredState state = state(host("in, out"));

        assertThat(judge(state, arriving(STRANGER, 40_000).asReply()))
                .isEqualTo(decision("host", "", Direction.INGRESS, Reason.REPLY));
    }

    @Test
    void an_answer_in_an_open_direction_is_open() {
        assertThat(judge(state(host("in")), tcp("192.0.2.1", 40_000).leaving().asReply()).reason())
                .isEqualTo(Reason.OPEN);
    }

    @ParameterizedTest
    @EnumSource
    void an_icmp_error_about_an_allowed_conversation_passes(Direction direction) {
        DesiredState state = state(host("in, nowhere"));
        Ip error = ReferencePacket.icmp("eth0", ip(HOST), ip(STRANGER), 3);
        Ip packet =
                direction == Direction.EGRESS
                        ? error.leaving()
                        : ReferencePacket.icmp("eth0", ip(STRANGER), ip(HOST), 3);

        assertThat(judge(state, packet.asRelated()))
                .isEqualTo(decision("", "", direction, Reason.RELATED));
        assertThat(judge(state, packet).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void what_is_not_ours_passes() {
        DesiredState state = state(host("nowhere").replace("10.20.0.0/16", "10.21.0.0/16"));

        assertThat(judge(state, new NotIp("eth0", Direction.EGRESS)))
                .isEqualTo(decision("", "", Direction.EGRESS, Reason.NOT_IP));
        assertThat(judge(state, tcp(STRANGER, 80).leaving()))
                .isEqualTo(decision("", "", Direction.EGRESS, Reason.NO_RESOURCE));
    }

    @ParameterizedTest
    @ValueSource(ints = {133, 134, 135, 136, 137})
    void neighbour_discovery_leaves_with_hop_limit_255(int type) {
        DesiredState state = state(host("nowhere").replace("10.20.0.0/16", "'2001:db8::/32'"));
        Ip packet = ReferencePacket.icmp("eth0", ip("2001:db8::1"), ip("ff02::1"), type).leaving();

        assertThat(judge(state, packet.withHopLimit(255)).reason()).isEqualTo(Reason.HOST_PROTOCOL);
        assertThat(judge(state, packet.withHopLimit(64)).reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void requests_of_the_dhcp_client_leave_and_answers_of_a_server_do_not() {
        DesiredState state = state(host("nowhere").replace("addresses: [10.20.0.0/16], ", ""));
        Ip request = udp("0.0.0.0", 68, "255.255.255.255", 67).leaving();
        Ip request6 = udp("fe80::1", 546, "ff02::1:2", 547).leaving();
        Ip answer = udp(HOST, 67, "255.255.255.255", 68).leaving();

        assertThat(judge(state, request).reason()).isEqualTo(Reason.HOST_PROTOCOL);
        assertThat(judge(state, request6).reason()).isEqualTo(Reason.HOST_PROTOCOL);
        assertThat(judge(state, answer).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void failsafe_lets_the_answers_of_its_port_out_to_its_peers() {
        DesiredState state = state(host("nowhere"));
        Failsafe ssh =
                new Failsafe(
                        new PortMatch(Protocol.TCP, Optional.of(new PortRange(22, 22))),
                        List.of(Prefix.of(ip("203.0.113.0"), 24)));
        Ip answer = packet(ReferencePacket.TCP, 22, "203.0.113.9", 40_000).leaving();
        Ip toStranger = packet(ReferencePacket.TCP, 22, STRANGER, 40_000).leaving();
        Ip connecting = tcp("203.0.113.9", 22).leaving();

        assertThat(judge(state, ssh, answer).reason()).isEqualTo(Reason.FAILSAFE);
        assertThat(judge(state, ssh, toStranger).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(state, ssh, connecting).reason()).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void ports_of_a_resource_are_the_local_ones() {
        DesiredState state =
                state(host("nowhere").replace("policies", "ports: [{port: 9200}], policies"));

        assertThat(judge(state, packet(ReferencePacket.TCP, 9200, STRANGER, 1).leaving()).reason())
                .isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(state, tcp(STRANGER, 9200).leaving()).reason())
                .isEqualTo(Reason.NO_RESOURCE);
    }

    @Test
    void malformed_is_dropped_where_what_leaves_is_protected() {
        Malformed leaving =
                new Malformed("eth0", Optional.of(ip(HOST)), Direction.EGRESS, List.of());

        assertThat(judge(state(host("nowhere")), leaving))
                .isEqualTo(decision("", "", Direction.EGRESS, Reason.MALFORMED));
        assertThat(judge(state(host("in")), leaving).reason()).isEqualTo(Reason.OPEN);
    }

    @Test
    void a_fragment_without_its_first_is_dropped_where_what_leaves_is_protected() {
        Ip later = tcp(STRANGER, 80).leaving().as(Fragment.LATER);

        assertThat(judge(state(host("nowhere")), later).reason()).isEqualTo(Reason.FRAGMENT);
        assertThat(judge(state(host("in")), later).reason()).isEqualTo(Reason.OPEN);
    }

    @Test
    void a_workload_is_judged_by_its_resource_before_all_others() {
        DesiredState state =
                state(host("nowhere") + resource("nginx", "workload: {unit: nginx.service}"));

        assertThat(judge(state, tcp(STRANGER, 443).leaving(NGINX, SYSTEM)).resource())
                .isEqualTo("nginx");
        assertThat(judge(state, tcp(STRANGER, 443).leaving(SYSTEM)).resource()).isEqualTo("host");
        assertThat(judge(state, tcp(STRANGER, 443).leaving()).resource()).isEqualTo("host");
    }

    @Test
    void the_deepest_workload_governs() {
        DesiredState state =
                state(
                        resource("slice", "workload: {unit: system.slice}, addresses: [10.20.0.1]")
                                + resource("nginx", "workload: {unit: nginx.service}"));

        assertThat(judge(state, tcp(STRANGER, 443).leaving(NGINX, SYSTEM)).resource())
                .isEqualTo("nginx");
    }

    @Test
    void two_words_for_one_cgroup_are_equally_deep() {
        DesiredState state =
                state(
                        resource("unit", "workload: {unit: nginx.service}")
                                + resource(
                                        "path",
                                        "workload: {cgroup: /system.slice/nginx.service},"
                                                + " addresses: [10.20.0.1]"));

        assertThat(judge(state, tcp(STRANGER, 443).leaving(NGINX, NGINX_PATH)).resource())
                .isEqualTo("path");
    }

    @Test
    void a_resource_of_a_workload_has_no_say_in_what_arrives() {
        DesiredState state = state(resource("nginx", "workload: {unit: nginx.service}"));

        assertThat(judge(state, arriving(STRANGER, 80)).reason()).isEqualTo(Reason.NO_RESOURCE);
    }

    @Test
    void in_audit_mode_a_denial_would_have_been_one() {
        DesiredState state = state(host("nowhere").replace("policies", "mode: audit, policies"));

        assertThat(judge(state, tcp(STRANGER, 80).leaving()))
                .isEqualTo(
                        new Decision("host", "", Direction.EGRESS, Reason.NO_POLICY_MATCH, true));
    }

    private static String host(String policies) {
        return resource("host", "addresses: [10.20.0.0/16], policies: [" + policies + "]");
    }

    private static String resource(String name, String spec) {
        return "---\napiVersion: portcullis.dev/v1\nkind: Resource\nmetadata: {name: "
                + name
                + "}\nspec: {"
                + spec
                + "}\n";
    }

    private static DesiredState state(String resources) {
        OfflineCheck.Report report =
                OfflineCheck.state(
                        DocumentReader.read(List.of(new SourceText("case", POLICIES + resources))));
        assertThat(report.violations()).isEmpty();
        return report.state();
    }

    private static Decision judge(DesiredState state, ReferencePacket packet) {
        return answer(state, packet).decision();
    }

    private static Decision judge(DesiredState state, Failsafe failsafe, ReferencePacket packet) {
        return ReferenceModel.judge(state, List.of(failsafe), environment(), packet).decision();
    }

    private static Answer answer(DesiredState state, ReferencePacket packet) {
        return ReferenceModel.judge(state, List.of(), environment(), packet);
    }

    private static Environment environment() {
        List<Cgroup> nginx = List.of(new Cgroup(7, "/system.slice/nginx.service"));
        return Environment.of(HostAddresses.of(List.of(ip(HOST))))
                .withWorkloads(
                        Map.of(
                                NGINX,
                                nginx,
                                NGINX_PATH,
                                nginx,
                                SYSTEM,
                                List.of(new Cgroup(6, "/system.slice"))));
    }

    private static Decision decision(
            String resource, String policy, Direction direction, Reason reason) {
        return new Decision(resource, policy, direction, reason, false);
    }

    private static Ip tcp(String to, int port) {
        return packet(ReferencePacket.TCP, 40_000, to, port);
    }

    private static Ip arriving(String from, int fromPort) {
        return ReferencePacket.withPorts(
                "eth0", ReferencePacket.TCP, ip(from), ip(HOST), new Ports(fromPort, 9200));
    }

    private static Ip packet(int protocol, int localPort, String to, int port) {
        return ReferencePacket.withPorts(
                "eth0", protocol, ip(HOST), ip(to), new Ports(localPort, port));
    }

    private static Ip udp(String from, int fromPort, String to, int port) {
        return ReferencePacket.withPorts(
                "eth0", ReferencePacket.UDP, ip(from), ip(to), new Ports(fromPort, port));
    }

    private static Address ip(String text) {
        return Address.parse(text);
    }
}

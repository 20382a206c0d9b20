// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From files, since numbers and texts are alike there. */
class EgressRuleCheckTest {
    @Test
    void a_rule_as_elastic_writes_it_is_converted() {
        Rule rule =
                rule(
                        "{\"egress_rule\": {\"target\": \"10.0.0.0/8\", \"protocol\": \"tcp\","
                                + " \"ports\": [443, 9200]}, \"description\": \"search\"}");

        assertThat(rule.source()).isEqualTo("10.0.0.0/8");
        assertThat(rule.peers().toString()).isEqualTo("10.0.0.0/8");
        assertThat(rule.remotePorts())
                .isEqualTo(
                        new RemotePorts(
                                Protocol.TCP,
                                List.of(new PortRange(443, 443), new PortRange(9200, 9200))));
        assertThat(rule.action()).isEqualTo(Rule.Action.ALLOW);
        assertThat(rule.description()).isEqualTo("search");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{egressRule: {target: 10.0.0.1}} | all",
                "{egressRule: {target: 10.0.0.1, protocol: all}} | all",
                "{egressRule: {target: 10.0.0.1, protocol: udp}} | udp",
                "{egressRule: {target: 10.0.0.1, ports: [53]}} | all 53",
                "{egressRule: {target: 10.0.0.1, ports: ['53', 8000-8010]}} | all 53, 8000-8010",
                "{set: feed} | all",
                "{set: feed, egressRule: {protocol: tcp, ports: [1-65535]}} | tcp 1-65535"
            })
    void protocol_and_ports_may_be_missing(String rule, String meaning) {
        assertThat(rule(rule).remotePorts()).hasToString(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | egressRule.target: is missing; write an address or CIDR to let packets out"
                        + " to, or name an address set in \"set\"",
                "{egressRule: {protocol: tcp}} | egressRule.target: is missing; write an address"
                        + " or CIDR to let packets out to, or name an address set in \"set\"",
                "{source: 10.0.0.1} | source: is not for policies of type egress_firewall; write"
                        + " it as egressRule.target",
                "{egressRule: {target: 10.0.0.0/33}} | egressRule.target: \"10.0.0.0/33\" needs a"
                        + " prefix length from 0 to 32",
                "{set: feed, egressRule: {target: 10.0.0.1}} | set: can't stand beside a target;"
                        + " make two rules of them",
                "{egressRule: {target: 10.0.0.1, protocol: TCP}} | egressRule.protocol: no"
                        + " protocol of egress rules is named \"TCP\" (did you mean \"tcp\"?);"
                        + " known: tcp, udp, all",
                "{egressRule: {target: 10.0.0.1, protocol: icmp}} | egressRule.protocol: no"
                        + " protocol of egress rules is named \"icmp\"; known: tcp, udp, all",
                "{set: feed, remoteClusterId: x} | remoteClusterId: is not for policies of type"
                        + " egress_firewall; take it out"
            })
    void what_can_not_be_meant_is_refused(String rule, String message) {
        assertThat(violations(rule)).containsExactly("policy out: spec.rules[0]." + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "65536", "70000", "-1", "443-", "http", "0-5", "80:90", "99999999999"})
    void what_is_no_port_is_refused(String port) {
        assertThat(violations("{egressRule: {target: 10.0.0.1, ports: ['" + port + "']}}"))
                .containsExactly(
                        "policy out: spec.rules[0].egressRule.ports[0]: \""
                                + port
                                + "\" is not a port or range of ports from 1 to 65535; write one"
                                + " such as 443 or 8000-8010");
    }

    @Test
    void a_range_that_ends_below_its_begin_is_refused() {
        assertThat(violations("{egressRule: {target: 10.0.0.1, ports: [90-80]}}"))
                .containsExactly(
                        "policy out: spec.rules[0].egressRule.ports[0]: \"90-80\" ends below where"
                                + " it begins; swap the two");
    }

    @Test
    void everything_wrong_with_a_rule_is_told_at_once() {
        assertThat(
                        violations(
                                "{source: 10.0.0.1, egressRule: {target: x, protocol: y,"
                                        + " ports: [0, 1, 70000]}}"))
                .hasSize(5);
    }

    @Test
    void an_egress_rule_is_refused_in_policies_of_other_types() {
        assertThat(
                        check("ip", "{egressRule: {target: 10.0.0.1}}").violations().stream()
                                .map(Violation::message))
                .containsExactly("is not for policies of type ip; it is for type egress_firewall");
        assertThat(
                        check("blocklist", "{egressRule: {target: 10.0.0.1}}").violations().stream()
                                .map(Violation::message))
                .containsExactly(
                        "is not for policies of type blocklist; it is for type egress_firewall");
    }

    @Test
    void lists_of_allow_deny_are_refused() {
        OfflineCheck.Report report =
                OfflineCheck.state(
                        DocumentReader.read(
                                List.of(
                                        new SourceText(
                                                "out",
                                                """
                                                apiVersion: portcullis.dev/v1
                                                kind: Policy
                                                metadata: {name: out}
                                                spec: {type: egress_firewall, allow: [a], deny: [b], fallback: c}
                                                """))));

        assertThat(report.violations())
                .extracting(Violation::field)
                .containsExactly("spec.allow", "spec.deny", "spec.fallback");
    }

    @Test
    void host_bits_and_repetition_are_warnings() {
        assertThat(
                        warnings(
                                "{egressRule: {target: 10.0.0.1/8, ports: [1, 1]}},"
                                        + " {egressRule: {target: 10.0.0.0/8, ports: [1]}},"
                                        + " {egressRule: {target: 10.0.0.0/8, ports: [2]}}"))
                .containsExactly(
                        "policy out: spec.rules[0].egressRule.ports[1]: 1 is given twice; the"
                                + " second adds nothing",
                        "policy out: spec.rules[0].egressRule.target: 10.0.0.1/8 has host bits set;"
                                + " it means 10.0.0.0/8",
                        "policy out: spec.rules[1].egressRule.target: 10.0.0.0/8 is the target of"
                                + " spec.rules[0] too, with the same protocol and ports; this rule"
                                + " adds nothing");
    }

    @Test
    void a_rule_to_the_whole_world_is_a_warning_unless_it_names_ports() {
        assertThat(
                        warnings(
                                "{egressRule: {target: 0.0.0.0/0, protocol: tcp, ports: [443]}},"
                                        + " {egressRule: {target: '::/0'}}"))
                .containsExactly(
                        "policy out: spec.rules[1].egressRule.target: ::/0 without ports lets"
                                + " everything of IPv6 out of the resources of this policy");
    }

    @Test
    void a_rule_is_covered_by_one_about_every_port_alone() {
        assertThat(
                        warnings(
                                "{egressRule: {target: 10.0.0.0/8}},"
                                        + " {egressRule: {target: 10.1.0.0/16, ports: [443]}},"
                                        + " {egressRule: {target: 11.0.0.0/8, ports: [443]}},"
                                        + " {egressRule: {target: 11.1.0.0/16, ports: [80]}}"))
                .containsExactly(
                        "policy out: spec.rules[1]: 10.1.0.0/16 is inside 10.0.0.0/8"
                                + " (spec.rules[0]), so this rule adds nothing");
    }

    @Test
    void very_many_rules_about_ports_of_one_target_are_checked_in_a_moment() {
        StringBuilder rules = new StringBuilder();
        for (int port = 1; port <= 60_000; port++) {
            rules.append("{egressRule: {target: 10.0.0.0/8, ports: [")
                    .append(port)
                    .append("]}},\n");
        }
        Instant begin = Instant.now();

        assertThat(check("egress_firewall", rules.toString()).violations()).isEmpty();

        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    private static Rule rule(String rule) {
        OfflineCheck.Report report = check("egress_firewall", rule);
        assertThat(report.violations()).isEmpty();
        Policy policy = report.state().policies().get("out");
        return policy.rules().get(0);
    }

    private static List<String> violations(String rules) {
        return check("egress_firewall", rules).violations().stream()
                .map(violation ->
                        violation.object() + ": " + violation.field() + ": " + violation.message())
                .toList();
    }

    private static List<String> warnings(String rules) {
        OfflineCheck.Report report = check("egress_firewall", rules);
        assertThat(report.violations()).isEmpty();
        return report.warnings();
    }

    private static OfflineCheck.Report check(String type, String rules) {
        String text =
                """
                apiVersion: portcullis.dev/v1
                kind: AddressSet
                metadata: {name: feed}
                spec: {file: /feed.txt}
                ---
                apiVersion: portcullis.dev/v1
                kind: Policy
                metadata: {name: out}
                spec: {type: %s, rules: [%s]}
                """
                        .formatted(type, rules);
        return OfflineCheck.state(DocumentReader.read(List.of(new SourceText("out", text))));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static dev.portcullis.policy.validation.ObjectsOfTest.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Rule;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCheckTest {
    @Test
    void a_sound_policy_keeps_what_was_written_beside_what_it_means() {
        Checked<Policy> checked = Conversion.policy(policy("office", "203.0.113.0/24", "::1"));

        assertThat(checked.warnings()).isEmpty();
        Policy policy = checked.value().orElseThrow();
        assertThat(policy.name()).isEqualTo("office");
        assertThat(policy.type()).isEqualTo(PolicyType.IP);
        assertThat(policy.rules())
                .extracting(r -> r.source())
                .containsExactly("203.0.113.0/24", "::1");
        assertThat(policy.rules())
                .extracting(r -> r.peers().toString())
                .containsExactly("203.0.113.0/24", "::1/128");
    }

    @Test
    void a_policy_without_rules_is_sound() {
        assertThat(Conversion.policy(policy("nobody")).value().orElseThrow().rules()).isEmpty();
    }

    @Test
    void an_unknown_type_is_refused_with_the_nearest() {
        dev.portcullis.api.v1.Policy.Builder policy = policy("p").toBuilder();
        policy.getSpecBuilder().setType("IP");

        assertThat(violations(policy.build()))
                .containsExactly(
                        "policy p: spec.type: no type is named \"IP\" (did you mean \"ip\"?);"
                                + " supported: "
                                + String.join(", ", PolicyType.texts()));
    }

    @Test
    void everything_that_is_missing_is_told_at_once() {
        dev.portcullis.api.v1.Policy.Builder policy = dev.portcullis.api.v1.Policy.newBuilder();
        policy.getSpecBuilder().addRules(Rule.newBuilder());

        assertThat(violations(policy.build()))
                .containsExactly(
                        "policy: metadata.name: is missing; give the policy a name",
                        "policy: spec.type: is missing; supported: "
                                + String.join(", ", PolicyType.texts()),
                        "policy: spec.rules[0].source: is missing; write an address or CIDR to let"
                                + " in, or name an address set in \"set\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b", "a--b", "a.b-1.c"})
    void a_name_of_labels_joined_by_dots_is_sound(String name) {
        assertThat(violations(policy(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "a-", "a..b", ".a", "a.", "a_b", "a b", "ä", "a/b"})
    void another_name_is_refused(String name) {
        assertThat(violations(policy(name)))
                .containsExactly(
                        "policy "
                                + name
                                + ": metadata.name: \""
                                + name
                                + "\" is not a name; use up to 253 of a-z, 0-9, \"-\" and \".\","
                                + " with a letter or digit first and last");
    }

    @Test
    void an_upper_case_name_is_refused_with_the_lower_case_one() {
        assertThat(violations(policy("Office")))
                .singleElement()
                .asString()
                .endsWith("a letter or digit first and last, such as \"office\"");
    }

    @Test
    void a_name_of_253_characters_is_sound_and_one_of_254_is_not() {
        assertThat(violations(policy("a".repeat(253)))).isEmpty();
        assertThat(violations(policy("a".repeat(254)))).hasSize(1);
    }

    @Test
    void every_bad_source_is_told_with_its_index() {
        assertThat(violations(policy("p", "10.0.0.0/33", "10.0.0.1", "x")))
                .containsExactly(
                        "policy p: spec.rules[0].source: \"10.0.0.0/33\" needs a prefix length from"
                                + " 0 to 32",
                        "policy p: spec.rules[2].source: \"x\" is not an IPv4 or IPv6 address or"
                                + " CIDR; write one such as 203.0.113.0/24 or 2001:db8:7::/48");
    }

    @Test
    void host_bits_are_a_warning_that_names_the_network() {
        assertThat(warnings(policy("p", "192.168.132.6/22")))
                .containsExactly(
                        "policy p: spec.rules[0].source: 192.168.132.6/22 has host bits set; it"
                                + " means 192.168.132.0/22");
    }

    @Test
    void a_rule_that_opens_a_family_to_the_world_is_a_warning() {
        assertThat(warnings(policy("p", "0.0.0.0/0", "::/0")))
                .containsExactly(
                        "policy p: spec.rules[0].source: 0.0.0.0/0 opens the resources of this"
                                + " policy to all of IPv4",
                        "policy p: spec.rules[1].source: ::/0 opens the resources of this policy to"
                                + " all of IPv6");
    }

    @Test
    void a_source_that_is_given_twice_is_a_warning() {
        assertThat(warnings(policy("p", "10.0.0.1", "::ffff:10.0.0.1")))
                .containsExactly(
                        "policy p: spec.rules[1].source: 10.0.0.1/32 is the source of spec.rules[0]"
                                + " too; this rule adds nothing");
    }

    @Test
    void many_warnings_of_one_topic_are_told_by_their_number() {
        String[] sources =
                IntStream.range(0, 25).mapToObj(i -> "10.0." + i + ".1/24").toArray(String[]::new);

        assertThat(warnings(policy("p", sources)))
                .hasSize(11)
                .last()
                .isEqualTo("policy p: 15 more: CIDRs with host bits set");
    }

    @Test
    void a_long_description_is_refused() {
        dev.portcullis.api.v1.Policy.Builder policy = policy("p", "10.0.0.1").toBuilder();
        policy.getSpecBuilder().setDescription("x".repeat(1_025));
        policy.getSpecBuilder().getRulesBuilder(0).setDescription("\u001b[2J");

        assertThat(violations(policy.build()))
                .containsExactly(
                        "policy p: spec.description: has 1025 characters; at most 1024 are allowed",
                        "policy p: spec.rules[0].description: holds control characters; take them"
                                + " out");
    }

    @Test
    void a_million_sources_are_checked_in_a_moment() {
        dev.portcullis.api.v1.Policy.Builder policy = policy("p").toBuilder();
        for (int i = 0; i < 1_000_000; i++) {
            policy.getSpecBuilder()
                    .addRules(
                            Rule.newBuilder()
                                    .setSource(
                                            "10."
                                                    + (i >> 16)
                                                    + "."
                                                    + (i >> 8 & 255)
                                                    + "."
                                                    + (i & 255)));
        }
        Instant begin = Instant.now();

        Checked<Policy> checked = Conversion.policy(policy.build());

        assertThat(checked.value().orElseThrow().rules()).hasSize(1_000_000);
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    private static List<String> violations(dev.portcullis.api.v1.Policy policy) {
        return Conversion.policy(policy).violations().stream().map(Violation::toString).toList();
    }

    private static List<String> warnings(dev.portcullis.api.v1.Policy policy) {
        return Conversion.policy(policy).warnings();
    }
}

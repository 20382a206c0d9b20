// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.validation.PrefixText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The precedence of {@code allow_deny}, a case for each sentence about it. */
class AllowDenySemanticsTest {
    private static final Address OWN = Address.parse("10.20.0.1");
    private static final Address PEER = Address.parse("10.0.0.1");
    private static final Rule DENY_ALL = Rule.deny("_all", new Peers.Everyone());
    private static final Rule DENY_NAMES =
            Rule.deny("*.example.org", new Peers.NamePattern("*.example.org"));
    private static final Rule ALLOW_NAMES =
            Rule.allow("*.example.org", new Peers.NamePattern("*.example.org"));

    private Names names = Names.NONE;

    @Test
    void own_bound_addresses_are_always_allowed() {
        assertThat(judge(OWN, DENY_ALL)).isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void allow_alone_denies_nobody() {
        assertThat(judge(PEER, Rule.allow("192.0.2.0/24", prefix("192.0.2.0/24"))))
                .isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void deny_all_denies_all_that_is_not_allowed() {
        Rule allow = Rule.allow("192.0.2.0/24", prefix("192.0.2.0/24"));

        assertThat(judge(PEER, allow, DENY_ALL)).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(Address.parse("192.0.2.9"), allow, DENY_ALL))
                .isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void prefix_length_has_no_part_in_it() {
        Rule allow = Rule.allow("10.0.0.0/8", prefix("10.0.0.0/8"));

        assertThat(judge(PEER, allow, Rule.deny("10.0.0.1", prefix("10.0.0.1"))))
                .isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void localhost_means_loopback_and_every_local_address() {
        Rule allow = Rule.allow("localhost", new Peers.Localhost());

        assertThat(judge(Address.parse("127.0.0.9"), allow, DENY_ALL))
                .isEqualTo(Reason.POLICY_MATCH);
        assertThat(judge(PEER, allow, DENY_ALL)).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void an_exact_host_name_means_the_addresses_that_it_has() {
        names = new Names(Map.of("db.example.org", Set.of(PEER)), Map.of());
        Rule allow = Rule.allow("db.example.org", new Peers.HostName("db.example.org"));

        assertThat(judge(PEER, allow, DENY_ALL)).isEqualTo(Reason.POLICY_MATCH);
        assertThat(judge(Address.parse("10.0.0.2"), allow, DENY_ALL))
                .isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void packets_of_an_address_not_yet_known_wait() {
        assertThat(judge(PEER, DENY_NAMES)).isEqualTo(Reason.NAME_PENDING);
    }

    @Test
    void one_whom_the_name_can_not_change_anything_for_does_not_wait() {
        assertThat(judge(PEER, Rule.allow("10.0.0.1", prefix("10.0.0.1")), DENY_NAMES))
                .isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void a_known_name_is_matched_against_the_pattern() {
        names = new Names(Map.of(), Map.of(PEER, Optional.of(Set.of("db.example.org"))));

        assertThat(judge(PEER, DENY_NAMES)).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(PEER, ALLOW_NAMES, DENY_ALL)).isEqualTo(Reason.POLICY_MATCH);
    }

    @Test
    void without_an_answer_no_pattern_allows_and_every_pattern_denies() {
        names = new Names(Map.of(), Map.of(PEER, Optional.empty()));

        assertThat(judge(PEER, DENY_NAMES)).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(judge(PEER, ALLOW_NAMES, DENY_ALL)).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    private Reason judge(Address source, Rule... rules) {
        Policy policy = Policy.of("filter", PolicyType.ALLOW_DENY, List.of(rules));
        Resource resource =
                Resource.of(
                        "web",
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(),
                        List.of("filter"));
        return ReferenceModel.judge(
                        new DesiredState(Map.of("filter", policy), Map.of("web", resource)),
                        List.of(),
                        new Environment(HostAddresses.of(List.of(OWN)), Map.of(), names),
                        ReferencePacket.withPorts(
                                "eth0",
                                ReferencePacket.TCP,
                                source,
                                OWN,
                                new ReferencePacket.Ports(40_000, 9_200)))
                .decision()
                .reason();
    }

    private static Prefix prefix(String text) {
        return PrefixText.parse(text).prefix();
    }
}

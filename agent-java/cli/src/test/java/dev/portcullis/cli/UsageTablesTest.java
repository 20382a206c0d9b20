// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.PolicyUsage;
import dev.portcullis.api.v1.RuleUsage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageTablesTest {
    private static final Timestamp NOON = Timestamp.newBuilder().setSeconds(43_200).build();

    private static PolicyUsage.Builder policy(String name) {
        return PolicyUsage.newBuilder().setPolicy(name).setType("ip").setRules(1);
    }

    private static ListUsageResponse part(PolicyUsage.Builder policy) {
        return ListUsageResponse.newBuilder().setPolicy(policy).build();
    }

    private static ListUsageResponse part(RuleUsage.Builder rule) {
        return ListUsageResponse.newBuilder().setRule(rule).build();
    }

    @Test
    void a_policy_shows_what_it_protects_and_when_it_last_matched() {
        PolicyUsage.Builder office =
                policy("office").setRules(1_200).addResources("web").addResources("shop");
        office.setPackets(12_345).setLastMatch(NOON);

        String text = UsageTables.of(List.of(part(office)), Map.of("office", "The branch offices"));

        assertThat(text)
                .isEqualTo(
                        """
                        POLICY  TYPE  RULES  PROTECTS  PACKETS  LAST MATCH            DESCRIPTION
                        office  ip    1,200  web,shop   12,345  1970-01-01T12:00:00Z  The branch offices
                        """);
    }

    @Test
    void a_policy_that_nothing_associates_or_falls_back_to_is_not_in_use() {
        String text = UsageTables.of(List.of(part(policy("old"))), Map.of());

        assertThat(text).contains("not in use").contains("never");
    }

    @Test
    void a_policy_that_others_fall_back_to_is_in_use() {
        PolicyUsage.Builder transport = policy("transport").addFallbackOf("http");

        String text = UsageTables.of(List.of(part(transport)), Map.of());

        assertThat(text).contains("fallback of http").doesNotContain("not in use");
    }

    @Test
    void each_rule_shows_its_last_match_or_never_or_what_covers_it() {
        RuleUsage.Builder matched = RuleUsage.newBuilder().setField("spec.rules[0]");
        matched.setSource("192.0.2.0/24").setLastMatch(NOON).setDescription("VPN");
        RuleUsage.Builder unmatched = RuleUsage.newBuilder().setField("spec.rules[1]");
        unmatched.setSource("198.51.100.0/24");
        RuleUsage.Builder covered = RuleUsage.newBuilder().setField("spec.rules[2]");
        covered.setSource("192.0.2.7").setCoveredBy("spec.rules[0]");

        String text =
                UsageTables.of(
                        List.of(
                                part(policy("office")),
                                part(matched),
                                part(unmatched),
                                part(covered)),
                        Map.of());

        assertThat(text)
                .endsWith(
                        """

                        FIELD          SOURCE           LAST MATCH                DESCRIPTION
                        spec.rules[0]  192.0.2.0/24     1970-01-01T12:00:00Z      VPN
                        spec.rules[1]  198.51.100.0/24  never                     -
                        spec.rules[2]  192.0.2.7        covered by spec.rules[0]  -
                        """);
    }
}

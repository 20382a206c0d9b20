// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.PolicyUsage;
import dev.portcullis.api.v1.RuleUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What policies protect and when their rules matched, for people. */
final class UsageTables {
    private static final String NEVER = "never";

    private UsageTables() {}

    /**
     * @param descriptions of policies, by name
     */
    static String of(List<ListUsageResponse> usage, Map<String, String> descriptions) {
        Table policies =
                Table.of(
                                "POLICY",
                                "TYPE",
                                "RULES",
                                "PROTECTS",
                                "PACKETS",
                                "LAST MATCH",
                                "DESCRIPTION")
                        .right(2, 4);
        Table rules = Table.of("FIELD", "SOURCE", "LAST MATCH", "DESCRIPTION");
        for (ListUsageResponse part : usage) {
            if (part.hasPolicy()) {
                addTo(policies, part.getPolicy(), descriptions);
            } else {
                addTo(rules, part.getRule());
            }
        }
        return policies + (rules.isEmpty() ? "" : "\n" + rules);
    }

    private static void addTo(Table table, PolicyUsage usage, Map<String, String> descriptions) {
        table.row(
                usage.getPolicy(),
                usage.getType(),
                String.format(Locale.ROOT, "%,d", usage.getRules()),
                protects(usage),
                String.format(Locale.ROOT, "%,d", usage.getPackets()),
                usage.hasLastMatch() ? MessageText.time(true, usage.getLastMatch()) : NEVER,
                descriptions.getOrDefault(usage.getPolicy(), ""));
    }

    private static String protects(PolicyUsage usage) {
        if (usage.getResourcesCount() > 0) {
            return String.join(",", usage.getResourcesList());
        }
        return usage.getFallbackOfCount() > 0
                ? "fallback of " + String.join(",", usage.getFallbackOfList())
                : "not in use";
    }

    private static void addTo(Table table, RuleUsage usage) {
        String match = usage.hasLastMatch() ? MessageText.time(true, usage.getLastMatch()) : NEVER;
        table.row(
                usage.getField(),
                usage.getSource(),
                usage.getCoveredBy().isEmpty() ? match : "covered by " + usage.getCoveredBy(),
                usage.getDescription());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.validation.Quoted;
import java.util.ArrayList;
import java.util.List;

/** Rule sets in words. */
final class CloudText {
    private static final int LONGEST_DESCRIPTION = 1_024;

    private CloudText() {}

    /** As operators know it: {@code rule set "office" (5470a0010ebf437bb9294ea9fcba0ba0)}. */
    static String name(RuleSet set) {
        String id = set.id().isEmpty() ? "" : " (" + set.id() + ")";
        return "rule set " + Quoted.of(set.name()) + id;
    }

    /** A rule on a line. */
    static String rule(RuleSet.Entry rule) {
        List<String> parts = new ArrayList<>();
        add(parts, "source ", rule.source());
        add(parts, "remote_cluster_id ", rule.remoteClusterId());
        add(parts, "remote_cluster_org_id ", rule.remoteClusterOrganization());
        add(parts, "description ", rule.description());
        return "- " + String.join("; ", parts);
    }

    private static void add(List<String> parts, String name, String value) {
        if (!value.isEmpty()) {
            parts.add(name + value);
        }
    }

    /** As a description may be: without control characters, and not longer than the limit. */
    static String description(String text) {
        String plain = text.replaceAll("\\p{Cc}+", " ").strip();
        return plain.length() <= LONGEST_DESCRIPTION
                ? plain
                : plain.substring(0, LONGEST_DESCRIPTION - 1) + "…";
    }
}

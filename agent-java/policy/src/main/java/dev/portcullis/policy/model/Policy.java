// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;

/**
 * A named list of rules.
 *
 * @param rules as written; of {@link PolicyType#ALLOW_DENY} first those that allow
 * @param enabled false for a filter that is switched off and lets everybody in
 * @param fallback the policy whose list of an action is used where this one has no rule of that
 *     action; empty for none
 * @param region empty for every region
 * @param includeByDefault whether each new resource of its region is associated with it
 */
public record Policy(
        String name,
        PolicyType type,
        List<Rule> rules,
        boolean enabled,
        String fallback,
        String region,
        boolean includeByDefault,
        String description) {
    public Policy {
        rules = List.copyOf(rules);
    }

    /** One that says nothing but its rules. */
    public static Policy of(String name, PolicyType type, List<Rule> rules) {
        return new Policy(name, type, rules, true, "", "", false, "");
    }

    /** Its own rules that do this. */
    public List<Rule> rules(Rule.Action action) {
        return rules.stream().filter(rule -> rule.action() == action).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;

/** What can be wrong about a state although each of its objects is right. */
public final class StateCheck {
    private StateCheck() {}

    /** References that lead nowhere, and resources that tie. */
    public static List<Violation> check(DesiredState state) {
        List<Violation> violations = new ArrayList<>(references(state));
        violations.addAll(TieCheck.check(state.resources().values()));
        return violations;
    }

    /** References to what is not there or does not go together. */
    public static List<Violation> references(DesiredState state) {
        return ReferenceCheck.check(state);
    }

    /**
     * What there is against what the agent has room for.
     *
     * @param sets what the address sets hold
     */
    public static List<Violation> quota(
            DesiredState state, Map<String, SortedSet<Prefix>> sets, Quota quota) {
        List<Violation> over = new ArrayList<>();
        if (state.policies().size() > quota.policies()) {
            over.add(
                    over(
                            "",
                            "policies",
                            state.policies().size(),
                            quota.policies(),
                            "limits.policies"));
        }
        long prefixes = 0;
        for (Policy policy : state.policies().values()) {
            int rules = policy.rules().size();
            prefixes += rules;
            if (rules > quota.rulesPerPolicy()) {
                String name = new ObjectName(ObjectKind.POLICY, policy.name()).toString();
                over.add(
                        over(
                                name,
                                "rules",
                                rules,
                                quota.rulesPerPolicy(),
                                "limits.rulesPerPolicy"));
            }
        }
        for (SortedSet<Prefix> set : sets.values()) {
            prefixes += set.size();
        }
        if (prefixes > quota.prefixes()) {
            over.add(over("", "addresses in all", prefixes, quota.prefixes(), "capacity.prefixes"));
        }
        return over;
    }

    private static Violation over(
            String object, String what, long count, long limit, String setting) {
        return new Violation(
                object,
                "",
                String.format(
                        Locale.ROOT,
                        "%,d %s are more than the %,d that there is room for; take some out, or"
                                + " raise %s in agent.yaml",
                        count,
                        what,
                        limit,
                        setting));
    }

    /** Objects of the same kind and name in one push. */
    public static List<Violation> duplicates(List<ObjectName> pushed) {
        List<Violation> violations = new ArrayList<>();
        Map<ObjectName, Integer> first = new HashMap<>();
        for (int i = 0; i < pushed.size(); i++) {
            Integer earlier = first.putIfAbsent(pushed.get(i), i);
            if (earlier != null && !pushed.get(i).name().isEmpty()) {
                violations.add(
                        new Violation(
                                pushed.get(i).toString(),
                                "metadata.name",
                                String.format(
                                        Locale.ROOT,
                                        "objects %d and %d of this push are both named so; keep one",
                                        earlier + 1,
                                        i + 1)));
            }
        }
        return violations;
    }
}

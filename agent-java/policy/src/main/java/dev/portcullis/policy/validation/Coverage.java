// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rules of one policy that could be taken out without a change, because a wider one says the same,
 * or because every packet that they are about was allowed before they are asked.
 *
 * <p>Sorted by network and length a prefix comes after those that hold it, so one pass with a stack
 * of the prefixes around the current one finds them all. Rules that are about some ports alone are
 * looked for, but not what they cover: very many may have the same prefix.
 */
public final class Coverage {
    private record Placed(int index, Prefix prefix) {}

    private final List<Rule> rules;
    private final SortedMap<Integer, Integer> covered = new TreeMap<>();

    private Coverage(List<Rule> rules) {
        this.rules = rules;
    }

    /**
     * The places of such rules, each with the place of the rule that makes it useless. Of equal
     * rules all but the first are in it, unless they are about some ports alone.
     *
     * @param rules of one policy; where it has two lists those that allow come first
     */
    public static SortedMap<Integer, Integer> of(List<Rule> rules) {
        Coverage coverage = new Coverage(rules);
        coverage.byEveryone();
        coverage.byPrefix();
        return coverage.covered;
    }

    /** {@code _all} stands alone in its list; that of {@code allow} leaves nothing to the other. */
    private void byEveryone() {
        if (!rules.isEmpty()
                && rules.get(0).peers() instanceof Peers.Everyone
                && rules.get(0).action() == Rule.Action.ALLOW) {
            for (int i = 1; i < rules.size(); i++) {
                covered.put(i, 0);
            }
        }
    }

    private void byPrefix() {
        List<Placed> sorted = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).peers() instanceof Prefix prefix) {
                sorted.add(new Placed(i, prefix));
            }
        }
        sorted.sort(Comparator.comparing(Placed::prefix).thenComparingInt(Placed::index));
        Deque<Placed> around = new ArrayDeque<>();
        for (Placed placed : sorted) {
            while (!around.isEmpty() && !around.peek().prefix.contains(placed.prefix)) {
                around.pop();
            }
            for (Placed outer : around) {
                if (silences(outer.index, placed.index)) {
                    covered.putIfAbsent(placed.index, outer.index);
                    break;
                }
            }
            if (rules.get(placed.index).remotePorts().equals(RemotePorts.ANY)) {
                around.push(placed);
            }
        }
    }

    /** Whether the rule at {@code outer}, which holds the other, leaves nothing to it. */
    private boolean silences(int outer, int inner) {
        return rules.get(outer).action() == rules.get(inner).action()
                || rules.get(outer).action() == Rule.Action.ALLOW;
    }

    static void warn(PolicyType type, List<Rule> rules, Findings findings) {
        of(rules)
                .forEach((index, by) -> {
                    Rule rule = rules.get(index);
                    Rule outer = rules.get(by);
                    if (!rule.peers().equals(outer.peers()) || rule.action() != outer.action()) {
                        findings.warning(
                                "rules that another one leaves nothing to",
                                RulePath.of(type, rules, index),
                                rule.source()
                                        + " is inside "
                                        + outer.source()
                                        + " ("
                                        + RulePath.of(type, rules, by)
                                        + "), so this rule "
                                        + (rule.action() == outer.action()
                                                ? "adds nothing"
                                                : "never matches"));
                    }
                });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be wrong about a state although each of its objects is right. */
public final class StateCheck {
    private StateCheck() {}

    /** References to policies that are not there, and resources that tie. */
    public static List<Violation> check(DesiredState state) {
        List<Violation> violations = new ArrayList<>(references(state));
        violations.addAll(TieCheck.check(state.resources().values()));
        return violations;
    }

    /** References to policies that are not there. */
    public static List<Violation> references(DesiredState state) {
        List<Violation> violations = new ArrayList<>();
        Map<String, String> messages = new HashMap<>();
        for (Resource resource : state.resources().values()) {
            for (int i = 0; i < resource.policies().size(); i++) {
                String policy = resource.policies().get(i);
                if (!state.policies().containsKey(policy)) {
                    violations.add(
                            new Violation(
                                    "resource " + resource.name(),
                                    "spec.policies[" + i + "]",
                                    messages.computeIfAbsent(policy, p -> noPolicy(p, state))));
                }
            }
        }
        return violations;
    }

    private static String noPolicy(String name, DesiredState state) {
        String guess = Suggestion.didYouMean(name, state.policies().keySet());
        return "no policy is named "
                + Quoted.of(name)
                + (guess.isEmpty() ? "; push it too, or take it out" : guess);
    }

    /**
     * Rule sources in all policies together against what the agent has room for.
     *
     * @param capacity the agent's {@code capacity.prefixes}
     */
    public static List<Violation> capacity(DesiredState state, long capacity) {
        long sources = 0;
        for (Policy policy : state.policies().values()) {
            sources += policy.rules().size();
        }
        if (sources <= capacity) {
            return List.of();
        }
        return List.of(
                new Violation(
                        "",
                        "",
                        String.format(
                                Locale.ROOT,
                                "%,d rule sources in all are more than the %,d that there is room"
                                        + " for; take some out, or raise capacity.prefixes in"
                                        + " agent.yaml",
                                sources,
                                capacity)));
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

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Rule;
import java.util.List;

/** Where the rules of a policy are written. */
public final class RulePath {
    private RulePath() {}

    /** The field of the rule at a place of {@link Policy#rules}, such as {@code spec.deny[0]}. */
    public static String of(Policy policy, int index) {
        return of(policy.type(), policy.rules(), index);
    }

    static String of(PolicyType type, List<Rule> rules, int index) {
        if (type != PolicyType.ALLOW_DENY) {
            return "spec.rules[" + index + "]";
        }
        long allowed = rules.stream().filter(rule -> rule.action() == Rule.Action.ALLOW).count();
        return index < allowed
                ? "spec.allow[" + index + "]"
                : "spec.deny[" + (index - allowed) + "]";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;

/** A named list of rules; it matches when any of them does. */
public record Policy(String name, PolicyType type, List<Rule> rules, String description) {
    public Policy {
        rules = List.copyOf(rules);
    }
}

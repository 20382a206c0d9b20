// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What sets hold.
 *
 * @param prefixes by the set's name; without those that have violations
 * @param violations of sets that can't be had
 * @param warnings what the author should know, each a whole sentence that names its object
 */
public record Loaded(
        Map<String, SortedSet<Prefix>> prefixes,
        List<Violation> violations,
        List<String> warnings) {
    public Loaded {
        prefixes = Map.copyOf(prefixes);
        violations = List.copyOf(violations);
        warnings = List.copyOf(warnings);
    }
}

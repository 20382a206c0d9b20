// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.policy.model.Prefix;
import java.util.List;

/**
 * Sources that are judged otherwise.
 *
 * @param resource the one that governs afterwards, or before if none does afterwards
 * @param endpoint what they get or lose access to, for people
 * @param gained from denied to allowed; disjoint, and as few as say it, like {@code lost}
 */
public record AccessChange(
        String resource, String endpoint, List<Prefix> gained, List<Prefix> lost) {
    public AccessChange {
        gained = List.copyOf(gained);
        lost = List.copyOf(lost);
    }
}

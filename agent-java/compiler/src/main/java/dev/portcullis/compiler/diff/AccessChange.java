// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Prefix;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Peers that are judged otherwise: sources of what comes in, or destinations of what goes out.
 *
 * @param resource the one that governs afterwards, or before if none does afterwards
 * @param endpoints what they get or lose access to
 * @param gained from denied to allowed; disjoint, in order, and as few as say it, like {@code lost}
 */
public record AccessChange(
        Direction direction,
        String resource,
        List<Endpoints> endpoints,
        List<Prefix> gained,
        List<Prefix> lost) {
    public AccessChange {
        endpoints = List.copyOf(endpoints);
        gained = List.copyOf(gained);
        lost = List.copyOf(lost);
    }

    /** The endpoints, for people. */
    public String endpoint() {
        return endpoints.stream().map(Endpoints::toString).collect(Collectors.joining("; "));
    }
}

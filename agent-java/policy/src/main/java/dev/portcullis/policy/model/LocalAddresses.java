// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Set;
import java.util.TreeSet;

/**
 * The addresses of this host that a resource selects: destinations of what arrives, sources of what
 * leaves.
 *
 * @param prefixes named ones
 * @param host whether the host's own addresses belong to it, as they are at each moment
 */
public record LocalAddresses(Set<Prefix> prefixes, boolean host) {
    /** All that packets at a guarded interface have. */
    public static final LocalAddresses EVERY =
            new LocalAddresses(Set.of(Prefix.all(Family.IPV4), Prefix.all(Family.IPV6)), false);

    public LocalAddresses {
        prefixes = Set.copyOf(prefixes);
        if (prefixes.isEmpty() && !host) {
            throw new IllegalArgumentException("selects nothing; EVERY stands for all");
        }
    }

    /**
     * All prefixes, in order, with {@code host} resolved to the host's addresses as they are now.
     */
    public Set<Prefix> resolve(HostAddresses hostAddresses) {
        Set<Prefix> all = new TreeSet<>(prefixes);
        if (host) {
            all.addAll(hostAddresses.prefixes());
        }
        return all;
    }
}

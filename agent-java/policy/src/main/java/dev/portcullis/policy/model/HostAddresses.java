// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The host's own addresses at a moment.
 *
 * @param own unicast
 * @param broadcast of its networks
 */
public record HostAddresses(Set<Address> own, Set<Address> broadcast) {
    private static final List<Prefix> LOOPBACK =
            List.of(Prefix.of(Address.parse("127.0.0.0"), 8), Prefix.of(Address.parse("::1"), 128));
    private static final List<Prefix> ALWAYS =
            List.of(
                    Prefix.of(Address.parse("224.0.0.0"), 4),
                    Prefix.of(Address.parse("255.255.255.255")),
                    Prefix.of(Address.parse("ff00::"), 8));

    public HostAddresses {
        own = Set.copyOf(own);
        broadcast = Set.copyOf(broadcast);
    }

    public static HostAddresses of(Collection<Address> own) {
        return new HostAddresses(Set.copyOf(own), Set.of());
    }

    /**
     * What the word {@code local} stands for as a destination: own addresses, multicast, broadcast.
     */
    public Set<Prefix> prefixes() {
        Set<Prefix> prefixes = new TreeSet<>(ALWAYS);
        own.forEach(address -> prefixes.add(Prefix.of(address)));
        broadcast.forEach(address -> prefixes.add(Prefix.of(address)));
        return prefixes;
    }

    /** What the word {@code localhost} stands for as a source: loopback and own addresses. */
    public Set<Prefix> localhost() {
        Set<Prefix> prefixes = new TreeSet<>(LOOPBACK);
        own.forEach(address -> prefixes.add(Prefix.of(address)));
        return prefixes;
    }
}

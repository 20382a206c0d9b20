// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the word {@code local} stands for at a moment: own unicast addresses, multicast, broadcast.
 */
public record HostAddresses(Set<Prefix> prefixes) {
    public HostAddresses {
        prefixes = Set.copyOf(prefixes);
    }

    /**
     * @param own the addresses of the host's interfaces, with the broadcast addresses of its
     *     networks
     */
    public static HostAddresses of(Collection<Address> own) {
        Set<Prefix> prefixes = new TreeSet<>();
        for (Address address : own) {
            prefixes.add(Prefix.of(address));
        }
        prefixes.add(Prefix.of(Address.parse("224.0.0.0"), 4));
        prefixes.add(Prefix.of(Address.parse("255.255.255.255")));
        prefixes.add(Prefix.of(Address.parse("ff00::"), 8));
        return new HostAddresses(prefixes);
    }
}

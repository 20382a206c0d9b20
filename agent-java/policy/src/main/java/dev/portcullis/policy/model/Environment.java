// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the words in a state stand for at a moment.
 *
 * @param host the host's own addresses
 * @param sets the prefixes of address sets, by the set's name; one that is not there is empty
 * @param names what DNS said
 * @param workloads the cgroups that each stands for; one that is not there has no processes
 * @param endpoints what private endpoints of Azure stand for; nobody comes by one that is not there
 */
public record Environment(
        HostAddresses host,
        Map<String, SortedSet<Prefix>> sets,
        Names names,
        Map<Workload, List<Cgroup>> workloads,
        Map<Peers.AzureEndpoint, PrivateEndpoint> endpoints) {
    public Environment {
        sets = Map.copyOf(sets);
        workloads = Map.copyOf(workloads);
        endpoints = Map.copyOf(endpoints);
    }

    /** Without workloads and private endpoints. */
    public Environment(HostAddresses host, Map<String, SortedSet<Prefix>> sets, Names names) {
        this(host, sets, names, Map.of(), Map.of());
    }

    /** Without any words. */
    public static Environment of(HostAddresses host) {
        return new Environment(host, Map.of(), Names.NONE);
    }

    /** The same on a host whose addresses have changed. */
    public Environment withHost(HostAddresses now) {
        return new Environment(now, sets, names, workloads, endpoints);
    }

    /** The same where the processes of workloads are in these cgroups. */
    public Environment withWorkloads(Map<Workload, List<Cgroup>> now) {
        return new Environment(host, sets, names, now, endpoints);
    }

    /** The same where private endpoints of Azure stand for these. */
    public Environment withEndpoints(Map<Peers.AzureEndpoint, PrivateEndpoint> now) {
        return new Environment(host, sets, names, workloads, now);
    }

    /** The private endpoint that peers come by; empty if they are others, or it is not known. */
    public Optional<PrivateEndpoint> endpoint(Peers peers) {
        if (peers instanceof Peers.Endpoint named) {
            return Optional.of(named.endpoint());
        }
        return peers instanceof Peers.AzureEndpoint azure
                ? Optional.ofNullable(endpoints.get(azure))
                : Optional.empty();
    }

    /** Whether an address is among the peers, as far as is known. */
    public boolean holds(Peers peers, Address address) {
        if (peers instanceof Prefix prefix) {
            return prefix.contains(address);
        }
        if (peers instanceof Peers.InSet set) {
            return sets.containsKey(set.name())
                    && sets.get(set.name()).stream().anyMatch(p -> p.contains(address));
        }
        if (peers instanceof Peers.Localhost) {
            return host.localhost().stream().anyMatch(p -> p.contains(address));
        }
        if (peers instanceof Peers.HostName name) {
            return names.addresses().getOrDefault(name.name(), Set.of()).contains(address);
        }
        if (peers instanceof Peers.NamePattern pattern) {
            return names.reverse().getOrDefault(address, Optional.empty()).stream()
                    .flatMap(Set::stream)
                    .anyMatch(pattern::matches);
        }
        return peers instanceof Peers.Everyone;
    }

    /**
     * What peers stand for now, sorted; of a pattern the addresses that are known to have such a
     * name.
     */
    public SortedSet<Prefix> prefixes(Peers peers) {
        if (peers instanceof Peers.InSet set && sets.containsKey(set.name())) {
            return sets.get(set.name());
        }
        SortedSet<Prefix> prefixes = new TreeSet<>();
        if (peers instanceof Prefix prefix) {
            prefixes.add(prefix);
        } else if (peers instanceof Peers.Localhost) {
            prefixes.addAll(host.localhost());
        } else if (peers instanceof Peers.HostName name) {
            names.addresses()
                    .getOrDefault(name.name(), Set.of())
                    .forEach(address -> prefixes.add(Prefix.of(address)));
        } else if (peers instanceof Peers.Everyone) {
            for (Family family : Family.values()) {
                prefixes.add(Prefix.all(family));
            }
        } else if (peers instanceof Peers.NamePattern) {
            names.reverse().keySet().stream()
                    .filter(address -> holds(peers, address))
                    .forEach(address -> prefixes.add(Prefix.of(address)));
        }
        return prefixes;
    }
}

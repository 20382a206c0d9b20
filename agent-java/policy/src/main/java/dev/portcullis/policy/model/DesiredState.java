// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every object that is in force, by name. */
public record DesiredState(
        SortedMap<String, Policy> policies,
        SortedMap<String, Resource> resources,
        SortedMap<String, Association> associations,
        SortedMap<String, AddressSet> sets) {
    public static final DesiredState EMPTY = new DesiredState(Map.of(), Map.of());

    public DesiredState {
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
        associations = Collections.unmodifiableSortedMap(new TreeMap<>(associations));
        sets = Collections.unmodifiableSortedMap(new TreeMap<>(sets));
    }

    public DesiredState(Map<String, Policy> policies, Map<String, Resource> resources) {
        this(new TreeMap<>(policies), new TreeMap<>(resources), new TreeMap<>(), new TreeMap<>());
    }

    /**
     * The names of the policies that are associated with each resource, in the order in which they
     * are asked: the resource's own, then those of associations by the association's name.
     */
    public Map<String, List<String>> associated() {
        Map<String, List<String>> all = new HashMap<>();
        resources.forEach((name, resource) -> all.put(name, new ArrayList<>(resource.policies())));
        for (Association association : associations.values()) {
            List<String> policies = all.get(association.resource());
            if (policies != null && !policies.contains(association.policy())) {
                policies.add(association.policy());
            }
        }
        return all;
    }

    /** The policies themselves; those that are not there are left out. */
    public Map<String, List<Policy>> associatedPolicies() {
        Map<String, List<Policy>> all = new HashMap<>();
        associated()
                .forEach((resource, names) ->
                        all.put(
                                resource,
                                names.stream()
                                        .map(name -> Optional.ofNullable(policies.get(name)))
                                        .flatMap(Optional::stream)
                                        .toList()));
        return all;
    }

    /**
     * The policies that have a part in verdicts, by name: those that are associated, and those that
     * they fall back to.
     */
    public SortedMap<String, Policy> used() {
        SortedMap<String, Policy> used = new TreeMap<>();
        associatedPolicies().values().forEach(list -> list.forEach(p -> addUsed(p, used)));
        return used;
    }

    private void addUsed(Policy policy, Map<String, Policy> used) {
        Policy fallback = policies.get(policy.fallback());
        if (used.put(policy.name(), policy) == null && fallback != null) {
            addUsed(fallback, used);
        }
    }

    /**
     * The resources that deny others in a direction than those whom policies deny, as far as they
     * say what they select.
     */
    public Map<String, Resource> closed(Direction direction) {
        Map<String, Resource> closed = new HashMap<>();
        associatedPolicies()
                .forEach((name, policies) -> {
                    Resource resource = resources.get(name);
                    boolean asks = direction == Direction.INGRESS && isProxied(resource, policies);
                    if (asks || isProtected(policies, direction)) {
                        closed.put(name, resource.withPolicies(List.of()));
                    }
                });
        return closed;
    }

    /**
     * The resources that ask the connections of their balancers for headers, as far as they say
     * what they select.
     */
    public Map<String, Resource> proxied() {
        Map<String, Resource> proxied = new HashMap<>();
        associatedPolicies()
                .forEach((name, policies) -> {
                    Resource resource = resources.get(name);
                    if (isProxied(resource, policies)) {
                        proxied.put(name, resource.withPolicies(List.of()));
                    }
                });
        return proxied;
    }

    /**
     * Whether what balancers send on to a resource is judged by headers: not where nothing would be
     * denied.
     */
    public static boolean isProxied(Resource resource, List<Policy> associated) {
        return !resource.balancers().isEmpty()
                && associated.stream().anyMatch(p -> p.type().judges(Direction.INGRESS));
    }

    /** Whether packets of either direction that no associated policy matches are denied. */
    public static boolean isProtected(List<Policy> associated) {
        return Arrays.stream(Direction.values()).anyMatch(d -> isProtected(associated, d));
    }

    /** Whether packets of a direction that no associated policy matches are denied. */
    public static boolean isProtected(List<Policy> associated, Direction direction) {
        return associated.stream().anyMatch(policy -> policy.type().allows(direction));
    }
}

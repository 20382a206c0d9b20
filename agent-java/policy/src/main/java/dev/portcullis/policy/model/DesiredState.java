// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every object that is in force, by name. */
public record DesiredState(
        SortedMap<String, Policy> policies, SortedMap<String, Resource> resources) {
    public static final DesiredState EMPTY = new DesiredState(Map.of(), Map.of());

    public DesiredState {
        policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
        resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    }

    public DesiredState(Map<String, Policy> policies, Map<String, Resource> resources) {
        this(new TreeMap<>(policies), new TreeMap<>(resources));
    }
}

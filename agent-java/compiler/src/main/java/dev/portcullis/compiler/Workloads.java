// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The workloads that resources name, as classes of processes. The kernel finds the innermost cgroup
 * around a process that one of them stands for; a class tells every workload that such a cgroup is
 * inside. Class 0 is none.
 */
final class Workloads {
    private final List<Map<Workload, Integer>> classes = new ArrayList<>(List.of(Map.of()));
    private final SortedMap<Cgroup, Integer> byCgroup =
            new TreeMap<>(Comparator.comparingLong(Cgroup::id));

    Workloads(Collection<Resource> resources, Environment environment) {
        Map<Workload, List<Cgroup>> named = new HashMap<>();
        for (Resource resource : resources) {
            resource.workload()
                    .ifPresent(workload ->
                            named.put(
                                    workload,
                                    environment.workloads().getOrDefault(workload, List.of())));
        }
        Set<Cgroup> cgroups = new HashSet<>();
        named.values().forEach(cgroups::addAll);
        Map<Map<Workload, Integer>, Integer> numbers = new HashMap<>();
        cgroups.stream()
                .sorted(Comparator.comparingLong(Cgroup::id))
                .forEach(cgroup -> {
                    Map<Workload, Integer> around = around(cgroup, named);
                    Integer number =
                            numbers.computeIfAbsent(
                                    around,
                                    key -> {
                                        classes.add(key);
                                        return classes.size() - 1;
                                    });
                    byCgroup.put(cgroup, number);
                });
    }

    /** The workloads that a cgroup is inside, by the nearest cgroup of each. */
    private static Map<Workload, Integer> around(Cgroup cgroup, Map<Workload, List<Cgroup>> named) {
        Map<Workload, Integer> around = new HashMap<>();
        named.forEach((workload, cgroups) ->
                cgroups.stream()
                        .filter(outer -> outer.holds(cgroup))
                        .mapToInt(Cgroup::depth)
                        .max()
                        .ifPresent(levels -> around.put(workload, levels)));
        return around;
    }

    List<Map<Workload, Integer>> classes() {
        return classes;
    }

    /** Classes by cgroup, in the order of their ids. */
    SortedMap<Cgroup, Integer> byCgroup() {
        return byCgroup;
    }
}

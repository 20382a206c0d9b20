// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Local endpoints, cut so that all of a piece is judged by the same row before and by the same row
 * after.
 */
final class EndpointPairs {
    /** Numbers that the two images have for the same thing. */
    record Pair(int before, int after) {}

    /** What some addresses have in common: their port classes and interfaces, and who sends. */
    private record Shape(
            List<Pair> ports, SortedSet<String> interfaces, SortedSet<String> senders) {}

    private final Side before;
    private final Side after;
    private final SortedSet<String> interfaces;

    /** Workload classes by the path of the innermost cgroup that either image names. */
    private final SortedMap<String, Pair> senders;

    private final Map<Pair, List<Integer>> ports;
    private final Map<Pair, Map<Shape, SortedSet<Prefix>>> rows = new LinkedHashMap<>();

    EndpointPairs(Side before, Side after) {
        this.before = before;
        this.after = after;
        interfaces = new TreeSet<>(before.interfaces());
        interfaces.addAll(after.interfaces());
        interfaces.add(Selection.OTHER);
        senders = senders();
        ports = ports();
        groups().forEach(this::add);
    }

    /** The pairs of rows that judge anything; 0 stands for no resource. */
    Set<Pair> rows() {
        return Collections.unmodifiableSet(rows.keySet());
    }

    /** What is judged by a pair of rows. */
    List<Endpoints> endpoints(Pair pair) {
        List<Endpoints> endpoints = new ArrayList<>();
        rows.get(pair)
                .forEach((shape, addresses) -> {
                    BitSet entries = new BitSet();
                    shape.ports.forEach(classes -> ports.get(classes).forEach(entries::set));
                    endpoints.add(
                            new Endpoints(
                                    addresses,
                                    entries,
                                    Selection.of(shape.interfaces, interfaces),
                                    Optional.empty(),
                                    Selection.of(shape.senders, new TreeSet<>(senders.keySet()))));
                });
        return endpoints;
    }

    private SortedMap<String, Pair> senders() {
        SortedMap<String, Pair> classes = new TreeMap<>();
        classes.put(Selection.OTHER, new Pair(0, 0));
        Stream.of(before, after)
                .flatMap(side -> side.cgroups().stream())
                .forEach(cgroup ->
                        classes.put(
                                cgroup.path(),
                                new Pair(
                                        before.workloadClass(cgroup),
                                        after.workloadClass(cgroup))));
        return classes;
    }

    private Map<Pair, List<Prefix>> groups() {
        Map<Pair, List<Prefix>> groups = new LinkedHashMap<>();
        for (Family family : Family.values()) {
            List<Pair> seen = new ArrayList<>();
            Map<Pair, Integer> numbers = new LinkedHashMap<>();
            PrefixPairs.walk(
                    before.locals(family),
                    after.locals(family),
                    (a, b) ->
                            numbers.computeIfAbsent(
                                    new Pair(a, b),
                                    pair -> {
                                        seen.add(pair);
                                        return seen.size() - 1;
                                    }),
                    (prefix, number) ->
                            groups.computeIfAbsent(seen.get(number), pair -> new ArrayList<>())
                                    .add(prefix));
        }
        groups.remove(new Pair(0, 0));
        return groups;
    }

    /** Entries of the port table by their classes. */
    private Map<Pair, List<Integer>> ports() {
        Map<Pair, List<Integer>> ports = new LinkedHashMap<>();
        for (int entry = 0; entry < PortTable.END; entry++) {
            Pair classes = new Pair(before.portClass(entry), after.portClass(entry));
            ports.computeIfAbsent(classes, pair -> new ArrayList<>()).add(entry);
        }
        return ports;
    }

    private void add(Pair group, List<Prefix> prefixes) {
        Map<Pair, Map<List<Pair>, Map<SortedSet<String>, SortedSet<String>>>> shapes =
                new LinkedHashMap<>();
        senders.forEach((sender, workload) ->
                interfacesByRows(group, workload)
                        .forEach((pair, byPorts) ->
                                byPorts.forEach((classes, names) ->
                                        shapes.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                                                .computeIfAbsent(
                                                        classes, key -> new LinkedHashMap<>())
                                                .computeIfAbsent(names, key -> new TreeSet<>())
                                                .add(sender))));
        shapes.forEach((pair, byPorts) ->
                byPorts.forEach((classes, byInterfaces) ->
                        byInterfaces.forEach((names, from) ->
                                rows.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                                        .computeIfAbsent(
                                                new Shape(classes, names, from),
                                                key -> new TreeSet<>())
                                        .addAll(prefixes))));
    }

    /** Interfaces of what some senders send, by the rows that judge it and the port classes. */
    private Map<Pair, Map<List<Pair>, SortedSet<String>>> interfacesByRows(
            Pair group, Pair workload) {
        Map<Pair, Map<List<Pair>, SortedSet<String>>> byRows = new LinkedHashMap<>();
        for (String name : interfaces) {
            portsByRows(group, name, workload)
                    .forEach((pair, classes) ->
                            byRows.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                                    .computeIfAbsent(classes, key -> new TreeSet<>())
                                    .add(name));
        }
        return byRows;
    }

    /** Port classes at one group of addresses on one interface by the rows that judge them. */
    private Map<Pair, List<Pair>> portsByRows(Pair group, String name, Pair workload) {
        Map<Pair, List<Pair>> byRows = new LinkedHashMap<>();
        for (Pair classes : ports.keySet()) {
            Pair pair =
                    new Pair(
                            before.row(group.before, name, workload.before, classes.before),
                            after.row(group.after, name, workload.after, classes.after));
            if (pair.before != 0 || pair.after != 0) {
                byRows.computeIfAbsent(pair, key -> new ArrayList<>()).add(classes);
            }
        }
        return byRows;
    }
}

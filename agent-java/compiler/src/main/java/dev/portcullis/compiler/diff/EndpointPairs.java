// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PortTable;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Local endpoints, cut so that all of a piece is judged by the same row before and by the same row
 * after.
 */
final class EndpointPairs {
    /** Stands for the interfaces that no resource names. */
    private static final String OTHER = "";

    /** Numbers that the two images have for the same thing. */
    record Pair(int before, int after) {}

    /** What some addresses have in common: their port classes and interfaces. */
    private record Shape(List<Pair> ports, SortedSet<String> interfaces) {}

    private final Image before;
    private final Image after;
    private final SortedSet<String> interfaces;
    private final Map<Pair, List<Integer>> ports;
    private final Map<Pair, Map<Shape, SortedSet<Prefix>>> rows = new LinkedHashMap<>();

    EndpointPairs(Image before, Image after) {
        this.before = before;
        this.after = after;
        interfaces = new TreeSet<>(before.interfaceClasses().keySet());
        interfaces.addAll(after.interfaceClasses().keySet());
        interfaces.add(OTHER);
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
                    boolean others = shape.interfaces.contains(OTHER);
                    SortedSet<String> named = new TreeSet<>(others ? interfaces : shape.interfaces);
                    if (others) {
                        named.removeAll(shape.interfaces);
                    }
                    endpoints.add(new Endpoints(addresses, entries, named, others));
                });
        return endpoints;
    }

    private Map<Pair, List<Prefix>> groups() {
        Map<Pair, List<Prefix>> groups = new LinkedHashMap<>();
        for (Family family : Family.values()) {
            PrefixTable old = family == Family.IPV4 ? before.locals4() : before.locals6();
            PrefixTable now = family == Family.IPV4 ? after.locals4() : after.locals6();
            List<Pair> seen = new ArrayList<>();
            Map<Pair, Integer> numbers = new LinkedHashMap<>();
            PrefixPairs.walk(
                    old,
                    now,
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
            Pair classes =
                    new Pair(before.portClasses().get(entry), after.portClasses().get(entry));
            ports.computeIfAbsent(classes, pair -> new ArrayList<>()).add(entry);
        }
        return ports;
    }

    private void add(Pair group, List<Prefix> prefixes) {
        Map<Pair, Map<List<Pair>, SortedSet<String>>> shapes = new LinkedHashMap<>();
        for (String name : interfaces) {
            portsByRows(group, name)
                    .forEach((pair, classes) ->
                            shapes.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                                    .computeIfAbsent(classes, key -> new TreeSet<>())
                                    .add(name));
        }
        shapes.forEach((pair, byPorts) ->
                byPorts.forEach((classes, names) ->
                        rows.computeIfAbsent(pair, key -> new LinkedHashMap<>())
                                .computeIfAbsent(new Shape(classes, names), key -> new TreeSet<>())
                                .addAll(prefixes)));
    }

    /** Port classes at one group of addresses on one interface by the rows that judge them. */
    private Map<Pair, List<Pair>> portsByRows(Pair group, String name) {
        Map<Pair, List<Pair>> byRows = new LinkedHashMap<>();
        for (Pair classes : ports.keySet()) {
            Pair pair =
                    new Pair(
                            row(before, group.before, name, classes.before),
                            row(after, group.after, name, classes.after));
            if (pair.before != 0 || pair.after != 0) {
                byRows.computeIfAbsent(pair, key -> new ArrayList<>()).add(classes);
            }
        }
        return byRows;
    }

    private static int row(Image image, int group, String interfaceName, int portClass) {
        if (group == 0) {
            return 0;
        }
        int interfaceClass = image.interfaceClasses().getOrDefault(interfaceName, 0);
        int first = (group * image.interfaceClassCount() + interfaceClass) * image.columns();
        return image.cells().get(first + portClass) & Image.ROW;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PortTable;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Local endpoints, cut so that all of a piece is judged by the same row before and by the same row
 * after.
 */
final class EndpointPairs {
    /** Numbers that the two images have for the same thing. */
    record Pair(int before, int after) {}

    /** What is judged by a pair of rows. */
    static final class Endpoints {
        private final Set<Prefix> addresses = new LinkedHashSet<>();
        private final TreeSet<Integer> ports = new TreeSet<>();
        private final TreeSet<String> interfaces = new TreeSet<>();

        /** For people. */
        String text() {
            String where = EndpointText.addresses(addresses) + " " + EndpointText.ports(ports);
            return interfaces.contains("") ? where : where + " on " + String.join(", ", interfaces);
        }
    }

    private final Image before;
    private final Image after;
    private final Map<Pair, Endpoints> rows = new LinkedHashMap<>();

    private EndpointPairs(Image before, Image after) {
        this.before = before;
        this.after = after;
    }

    /** Endpoints by the rows that judge them; 0 stands for no resource. */
    static Map<Pair, Endpoints> of(Image before, Image after) {
        EndpointPairs pairs = new EndpointPairs(before, after);
        Map<Pair, List<Prefix>> groups = pairs.groups();
        Map<Pair, List<Integer>> ports = pairs.ports();
        TreeSet<String> interfaces = new TreeSet<>(before.interfaceClasses().keySet());
        interfaces.addAll(after.interfaceClasses().keySet());
        interfaces.add("");
        groups.forEach((group, prefixes) -> {
            for (String name : interfaces) {
                ports.forEach((port, entries) -> pairs.add(group, prefixes, name, port, entries));
            }
        });
        return pairs.rows;
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

    private void add(
            Pair group, List<Prefix> prefixes, String name, Pair port, List<Integer> entries) {
        Pair row =
                new Pair(
                        row(before, group.before, name, port.before),
                        row(after, group.after, name, port.after));
        if (row.before == 0 && row.after == 0) {
            return;
        }
        Endpoints endpoints = rows.computeIfAbsent(row, pair -> new Endpoints());
        endpoints.addresses.addAll(prefixes);
        endpoints.ports.addAll(entries);
        endpoints.interfaces.add(name);
    }

    private static int row(Image image, int group, String interfaceName, int portClass) {
        if (group == 0) {
            return 0;
        }
        int interfaceClass = image.interfaceClasses().getOrDefault(interfaceName, 0);
        int first = (group * image.interfaceClassCount() + interfaceClass) * image.columns();
        return image.cells().get(first + portClass);
    }
}

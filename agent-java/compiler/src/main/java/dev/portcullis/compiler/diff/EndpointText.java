// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Local endpoints for people: {@code 10.20.0.0/16 9200/tcp}. */
final class EndpointText {
    private static final int SHOWN = 4;
    private static final int PORTS = 65_536;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private EndpointText() {}

    static String addresses(Set<Prefix> prefixes) {
        boolean every =
                prefixes.contains(Prefix.all(Family.IPV4))
                        && prefixes.contains(Prefix.all(Family.IPV6));
        return every ? "every address" : some(prefixes.stream().map(Prefix::toString).toList());
    }

    /**
     * @param entries of the port table
     */
    static String ports(SortedSet<Integer> entries) {
        if (entries.size() == PortTable.END) {
            return "every port";
        }
        List<String> texts = new ArrayList<>();
        texts.addAll(ranges(entries, PortTable.TCP, "tcp"));
        texts.addAll(ranges(entries, PortTable.UDP, "udp"));
        texts.addAll(ranges(entries, PortTable.SCTP, "sctp"));
        SortedSet<Integer> others =
                new TreeSet<>(entries.subSet(PortTable.OTHER, PortTable.OTHER + 256));
        if (others.removeAll(Set.of(ICMP, ICMPV6))) {
            texts.add("icmp");
        }
        if (others.size() > SHOWN) {
            texts.add("other protocols");
        } else {
            others.forEach(protocol -> texts.add("protocol " + protocol));
        }
        return some(texts);
    }

    private static List<String> ranges(SortedSet<Integer> entries, int base, String protocol) {
        List<String> texts = new ArrayList<>();
        int first = -1;
        int last = -1;
        for (int entry : entries.subSet(base, base + PORTS)) {
            int port = entry - base;
            if (port != last + 1 || first < 0) {
                add(texts, first, last, protocol);
                first = port;
            }
            last = port;
        }
        add(texts, first, last, protocol);
        return texts;
    }

    private static void add(List<String> texts, int first, int last, String protocol) {
        if (first >= 0) {
            boolean all = first == 0 && last == PORTS - 1;
            String ports = first == last ? first + "/" : first + "-" + last + "/";
            texts.add(all ? protocol : ports + protocol);
        }
    }

    private static String some(List<String> texts) {
        String shown = String.join(", ", texts.subList(0, Math.min(SHOWN, texts.size())));
        return texts.size() > SHOWN ? shown + " and " + (texts.size() - SHOWN) + " more" : shown;
    }
}

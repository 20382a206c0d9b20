// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

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

    static boolean isEvery(BitSet entries) {
        return entries.cardinality() == PortTable.END;
    }

    /**
     * @param entries of the port table
     */
    static String ports(BitSet entries) {
        if (isEvery(entries)) {
            return "every port";
        }
        List<String> texts = new ArrayList<>();
        texts.addAll(ranges(entries, PortTable.TCP, "tcp"));
        texts.addAll(ranges(entries, PortTable.UDP, "udp"));
        texts.addAll(ranges(entries, PortTable.SCTP, "sctp"));
        BitSet others = entries.get(PortTable.OTHER, PortTable.OTHER + 256);
        if (others.get(ICMP) || others.get(ICMPV6)) {
            texts.add("icmp");
        }
        others.clear(ICMP);
        others.clear(ICMPV6);
        if (others.cardinality() > SHOWN) {
            texts.add("other protocols");
        } else {
            others.stream().forEach(protocol -> texts.add("protocol " + protocol));
        }
        return some(texts);
    }

    private static List<String> ranges(BitSet entries, int base, String protocol) {
        BitSet ports = entries.get(base, base + PORTS);
        List<String> texts = new ArrayList<>();
        int first = ports.nextSetBit(0);
        while (first >= 0) {
            int end = ports.nextClearBit(first);
            texts.add(range(first, end - 1, protocol));
            first = ports.nextSetBit(end);
        }
        return texts;
    }

    private static String range(int first, int last, String protocol) {
        if (first == 0 && last == PORTS - 1) {
            return protocol;
        }
        return (first == last ? "" + first : first + "-" + last) + "/" + protocol;
    }

    private static String some(List<String> texts) {
        String shown = String.join(", ", texts.subList(0, Math.min(SHOWN, texts.size())));
        return texts.size() > SHOWN ? shown + " and " + (texts.size() - SHOWN) + " more" : shown;
    }
}

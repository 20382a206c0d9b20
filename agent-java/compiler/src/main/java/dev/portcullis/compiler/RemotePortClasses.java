// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * Protocols and remote ports that every rule treats alike share a class. Class 0 is that of
 * protocols without ports.
 */
final class RemotePortClasses {
    private static final int PORTS = 65_536;

    private final List<RemotePorts> wanted;

    /** By the numbers of those in {@link #wanted} that match. */
    private final Map<BitSet, Integer> numbers = new LinkedHashMap<>();

    private final int[] table = new int[PortTable.END];

    /**
     * @param wanted what the rules ask for, each once
     */
    RemotePortClasses(List<RemotePorts> wanted) {
        this.wanted = List.copyOf(wanted);
        int other = number(Protocol.ANY, OptionalInt.empty());
        Arrays.fill(table, PortTable.OTHER, PortTable.TCP, other);
        fill(PortTable.TCP, Protocol.TCP);
        fill(PortTable.UDP, Protocol.UDP);
        fill(PortTable.SCTP, Protocol.SCTP);
    }

    /** Between two neighbouring bounds every port matches the same rules. */
    private void fill(int base, Protocol protocol) {
        TreeSet<Integer> bounds = new TreeSet<>(List.of(0, PORTS));
        for (RemotePorts ports : wanted) {
            for (PortRange range : ports.ranges()) {
                bounds.add(range.first());
                bounds.add(range.last() + 1);
            }
        }
        int from = 0;
        for (int to : bounds.tailSet(1)) {
            Arrays.fill(table, base + from, base + to, number(protocol, OptionalInt.of(from)));
            from = to;
        }
    }

    private int number(Protocol protocol, OptionalInt port) {
        BitSet matching = new BitSet();
        for (int i = 0; i < wanted.size(); i++) {
            matching.set(i, wanted.get(i).matches(protocol, port));
        }
        int number = numbers.computeIfAbsent(matching, key -> numbers.size());
        if (number > Character.MAX_VALUE) {
            throw new CompileException(
                    "the ports of egress rules overlap in more than 65,535 ways; use fewer, wider"
                            + " ranges");
        }
        return number;
    }

    /** Class numbers by {@link PortTable} entry. */
    ImmutableIntArray table() {
        return ImmutableIntArray.copyOf(table);
    }

    /** What each class matches, by number. */
    List<BitSet> classes() {
        return new ArrayList<>(numbers.keySet());
    }

    /** The bit of what a rule asks for. */
    int bit(RemotePorts ports) {
        return wanted.indexOf(ports);
    }
}

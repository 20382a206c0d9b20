// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Lays prefixes of many owners over each other, so that one longest-prefix match tells all owners
 * whose prefixes hold an address.
 *
 * <p>Prefixes are best added in runs that are sorted already, which the sort merges.
 *
 * <p>Sorted by network and length, a prefix comes after every prefix that holds it, so one pass
 * with a stack of the prefixes around the current one is enough: each gets the members of the
 * prefix directly around it and its own. One that adds nothing to what is around it is left out.
 * This costs a sort and a step a prefix; comparing each with each, or splitting into disjoint
 * ranges, would cost more and yield more entries.
 */
final class Overlay {
    private final MemberSets sets = new MemberSets();
    private final List<Entry> entries = new ArrayList<>();

    /** Of a member, or a hole in it. */
    private record Entry(Prefix prefix, int member, boolean hole) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int order = prefix.compareTo(other.prefix);
            return order != 0 ? order : Boolean.compare(hole, other.hole);
        }
    }

    private record Around(Prefix prefix, int set) {}

    void add(Prefix prefix, int member) {
        entries.add(new Entry(prefix, member, false));
    }

    /**
     * Leaves a prefix out of a member that was given one around it, as {@code except} of a
     * Kubernetes {@code ipBlock} does. A longer prefix of the member inside the hole counts again.
     */
    void except(Prefix prefix, int member) {
        entries.add(new Entry(prefix, member, true));
    }

    /** The numbers that {@link #table} uses. */
    MemberSets sets() {
        return sets;
    }

    /**
     * For each prefix of the family that makes a difference, the set of the members that hold it.
     */
    PrefixTable table(Family family) {
        List<Entry> sorted = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.prefix.family() == family) {
                sorted.add(entry);
            }
        }
        sorted.sort(null);

        PrefixTable.Builder table = new PrefixTable.Builder(family);
        Deque<Around> around = new ArrayDeque<>();
        for (int i = 0; i < sorted.size(); ) {
            Prefix prefix = sorted.get(i).prefix;
            while (!around.isEmpty() && !around.peek().prefix.contains(prefix)) {
                around.pop();
            }
            int outer = around.isEmpty() ? MemberSets.EMPTY : around.peek().set;
            int set = outer;
            for (; i < sorted.size() && sorted.get(i).prefix.equals(prefix); i++) {
                Entry entry = sorted.get(i);
                set = entry.hole ? sets.without(set, entry.member) : sets.with(set, entry.member);
            }
            if (set != outer) {
                table.add(prefix, set);
                around.push(new Around(prefix, set));
            }
        }
        return table.build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Lays prefixes of many owners over each other, so that one longest-prefix match tells all owners
 * whose prefixes hold an address.
 *
 * <p>Sorted by network and length, a prefix comes after every prefix that holds it, so one pass
 * with a stack of the prefixes around the current one is enough: each gets the members of the
 * prefix directly around it and its own. One that adds nothing to what is around it is left out.
 * This costs a sort and a step a prefix; comparing each with each, or splitting into disjoint
 * ranges, would cost more and yield more entries.
 */
final class Overlay {
    private final MemberSets sets = new MemberSets();

    /** Of members, and marked the holes in them. */
    private final Map<Family, PrefixColumns> entries = new EnumMap<>(Family.class);

    /** A prefix around the current one, by its row. */
    private record Around(int row, int set) {}

    Overlay() {
        for (Family family : Family.values()) {
            entries.put(family, new PrefixColumns(family));
        }
    }

    void add(Prefix prefix, int member) {
        entries.get(prefix.family()).add(prefix, member, false);
    }

    /**
     * Leaves a prefix out of a member that was given one around it, as {@code except} of a
     * Kubernetes {@code ipBlock} does. A longer prefix of the member inside the hole counts again.
     */
    void except(Prefix prefix, int member) {
        entries.get(prefix.family()).add(prefix, member, true);
    }

    /** The numbers that {@link #table} uses. */
    MemberSets sets() {
        return sets;
    }

    /**
     * The members of each set, in ascending order of their numbers.
     *
     * @param members by number
     */
    List<List<Member>> classes(List<Member> members) {
        List<List<Member>> classes = new ArrayList<>(sets.size());
        for (int set = 0; set < sets.size(); set++) {
            int[] numbers = sets.members(set);
            Member[] identities = new Member[numbers.length];
            Arrays.setAll(identities, i -> members.get(numbers[i]));
            classes.add(List.of(identities));
        }
        return classes;
    }

    /**
     * For each prefix of the family that makes a difference, the set of the members that hold it.
     */
    PrefixTable table(Family family) {
        PrefixColumns columns = entries.get(family);
        int[] sorted = columns.sorted();
        PrefixTable.Builder table = new PrefixTable.Builder(family);
        Deque<Around> around = new ArrayDeque<>();
        for (int i = 0; i < sorted.length; ) {
            int first = sorted[i];
            while (!around.isEmpty() && !columns.contains(around.peek().row, first)) {
                around.pop();
            }
            int outer = around.isEmpty() ? MemberSets.EMPTY : around.peek().set;
            int set = outer;
            for (; i < sorted.length && columns.isSamePrefix(sorted[i], first); i++) {
                int member = columns.number(sorted[i]);
                set =
                        columns.isMarked(sorted[i])
                                ? sets.without(set, member)
                                : sets.with(set, member);
            }
            if (set != outer) {
                columns.addTo(table, first, set);
                around.push(new Around(first, set));
            }
        }
        return table.build();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Distinct sets of small numbers, each known by a number of its own; the empty set is 0.
 *
 * <p>Growing a set by one member is what an overlay does for every prefix, and nearly always to a
 * set that it has seen before, so the step itself is remembered.
 */
final class MemberSets {
    static final int EMPTY = 0;

    /**
     * Odd, so that different steps stay different; the hash of a {@link Long} alone would put all
     * small sets and members into few buckets.
     */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final List<int[]> sets = new ArrayList<>();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final Map<Long, Integer> steps = new HashMap<>();

    /** A set by its members, with a hash that tells sets of small numbers apart. */
    private static final class Key {
        private final int[] members;
        private final int hash;

        Key(int[] members) {
            this.members = members;
            long mixed = members.length;
            for (int member : members) {
                mixed = (mixed + member) * SPREAD;
                mixed ^= mixed >>> 32;
            }
            hash = (int) mixed;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(members, key.members);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    MemberSets() {
        number(new int[0]);
    }

    /** The number of the set that {@code set} becomes with {@code member}. */
    int with(int set, int member) {
        long step = ((long) set << 32 | member) * SPREAD;
        Integer known = steps.get(step);
        if (known != null) {
            return known;
        }
        int grown = number(grown(sets.get(set), member));
        steps.put(step, grown);
        return grown;
    }

    private static int[] grown(int[] members, int member) {
        int at = Arrays.binarySearch(members, member);
        if (at >= 0) {
            return members;
        }
        int[] grown = Arrays.copyOf(members, members.length + 1);
        int insertion = -at - 1;
        System.arraycopy(members, insertion, grown, insertion + 1, members.length - insertion);
        grown[insertion] = member;
        return grown;
    }

    /** The number of the set that {@code set} becomes without {@code member}. */
    int without(int set, int member) {
        int[] members = sets.get(set);
        int at = place(set, member);
        if (at < 0) {
            return set;
        }
        int[] less = new int[members.length - 1];
        System.arraycopy(members, 0, less, 0, at);
        System.arraycopy(members, at + 1, less, at, less.length - at);
        return number(less);
    }

    private int number(int[] members) {
        return numbers.computeIfAbsent(
                new Key(members),
                key -> {
                    sets.add(members);
                    return sets.size() - 1;
                });
    }

    int size() {
        return sets.size();
    }

    /** The members in ascending order; not to be changed. */
    int[] members(int set) {
        return sets.get(set);
    }

    /**
     * The sets that hold each member, by the member's number.
     *
     * @param count of members
     */
    List<int[]> byMember(int count) {
        int[] sizes = new int[count];
        for (int[] members : sets) {
            for (int member : members) {
                sizes[member]++;
            }
        }
        List<int[]> holders = new ArrayList<>(count);
        for (int size : sizes) {
            holders.add(new int[size]);
        }
        for (int set = sets.size() - 1; set >= 0; set--) {
            for (int member : sets.get(set)) {
                holders.get(member)[--sizes[member]] = set;
            }
        }
        return holders;
    }

    boolean contains(int set, int member) {
        return place(set, member) >= 0;
    }

    /** The place of the member in the set, from 0; negative if it is not in it. */
    int place(int set, int member) {
        return Arrays.binarySearch(sets.get(set), member);
    }
}

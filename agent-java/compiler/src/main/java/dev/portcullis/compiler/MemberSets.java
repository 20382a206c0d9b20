// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distinct sets of small numbers, each known by a number of its own; the empty set is 0.
 *
 * <p>Growing a set by one member is what an overlay does for every prefix, and nearly always to a
 * set that it has seen before. The hash of a set is the sum of its members' hashes, so a step in
 * the hash is all it takes to look the grown set up. All of it is in a few arrays of primitives: a
 * large state has hundreds of thousands of sets, and the garbage collector would copy objects for
 * each over and over.
 */
final class MemberSets {
    static final int EMPTY = 0;

    /** Odd, and its bits look like random ones. */
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    /** The members of all sets, in ascending order in each. */
    private int[] members = new int[64];

    /** Where the members of each set end in {@link #members}, and those of the next one begin. */
    private int[] ends = new int[16];

    private int[] hashes = new int[16];
    private int size;

    /**
     * Numbers of sets, each at its hash or, where others are, behind; 0 for none. Never more than
     * half full. The empty set is not in it.
     */
    private int[] table = new int[64];

    MemberSets() {
        size = 1; // the empty set
    }

    /** The number of the set that {@code set} becomes with {@code member}. */
    int with(int set, int member) {
        int at = search(set, member);
        if (at >= 0) {
            return set;
        }
        at = -at - 1;
        int free = free(set);
        int end = copy(begin(set), at, free);
        members[end++] = member;
        return number(copy(at, ends[set], end), hashes[set] + hash(member));
    }

    /** The number of the set that {@code set} becomes without {@code member}. */
    int without(int set, int member) {
        int at = search(set, member);
        if (at < 0) {
            return set;
        }
        int end = copy(begin(set), at, free(set));
        return number(copy(at + 1, ends[set], end), hashes[set] - hash(member));
    }

    /** The place behind all sets, with room for one that is larger by one than this. */
    private int free(int set) {
        int free = ends[size - 1];
        int end = free + ends[set] - begin(set) + 1;
        if (end > members.length) {
            members = Arrays.copyOf(members, Math.max(end, members.length * 2));
        }
        return free;
    }

    /** Copies members, and tells where the copy ends. */
    private int copy(int from, int to, int at) {
        System.arraycopy(members, from, members, at, to - from);
        return at + to - from;
    }

    /** The number of the set that was written behind all others; it stays there if it is new. */
    private int number(int end, int hash) {
        int begin = ends[size - 1];
        if (begin == end) {
            return EMPTY;
        }
        int slot = slot(hash);
        for (; table[slot] != 0; slot = next(slot)) {
            int known = table[slot];
            if (hashes[known] == hash
                    && Arrays.equals(members, begin(known), ends[known], members, begin, end)) {
                return known;
            }
        }
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        ends[size] = end;
        hashes[size] = hash;
        table[slot] = size++;
        if (size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        for (int set = 1; set < size; set++) {
            int slot = slot(hashes[set]);
            while (table[slot] != 0) {
                slot = next(slot);
            }
            table[slot] = set;
        }
    }

    /** Sums of these tell sets of neighbouring numbers apart, as sums of multiples would not. */
    private static int hash(int member) {
        long mixed = (member + 1) * SPREAD;
        mixed = (mixed ^ mixed >>> 32) * SPREAD;
        return (int) (mixed >>> 32);
    }

    private int slot(int hash) {
        return hash & table.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & table.length - 1;
    }

    private int begin(int set) {
        return set == EMPTY ? 0 : ends[set - 1];
    }

    int size() {
        return size;
    }

    /** The members in ascending order. */
    int[] members(int set) {
        return Arrays.copyOfRange(members, begin(set), ends[set]);
    }

    /**
     * The sets that hold each member, by the member's number.
     *
     * @param count of members
     */
    List<int[]> byMember(int count) {
        int[] sizes = new int[count];
        for (int i = 0; i < ends[size - 1]; i++) {
            sizes[members[i]]++;
        }
        List<int[]> holders = new ArrayList<>(count);
        for (int holding : sizes) {
            holders.add(new int[holding]);
        }
        for (int set = size - 1; set >= 0; set--) {
            for (int i = begin(set); i < ends[set]; i++) {
                holders.get(members[i])[--sizes[members[i]]] = set;
            }
        }
        return holders;
    }

    boolean contains(int set, int member) {
        return search(set, member) >= 0;
    }

    /** The place of the member in the set, from 0; negative if it is not in it. */
    int place(int set, int member) {
        int at = search(set, member);
        return at < 0 ? at : at - begin(set);
    }

    /**
     * Where the member is in {@link #members}, as {@link Arrays#binarySearch(int[], int)} has it.
     */
    private int search(int set, int member) {
        return Arrays.binarySearch(members, begin(set), ends[set], member);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
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

    private final List<int[]> sets = new ArrayList<>();
    private final Map<ImmutableIntArray, Integer> numbers = new HashMap<>();
    private final Map<Long, Integer> steps = new HashMap<>();

    MemberSets() {
        number(new int[0]);
    }

    /** The number of the set that {@code set} becomes with {@code member}. */
    int with(int set, int member) {
        return steps.computeIfAbsent(
                ((long) set << 32) | member, step -> number(grown(sets.get(set), member)));
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
                ImmutableIntArray.copyOf(members),
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

    boolean contains(int set, int member) {
        return place(set, member) >= 0;
    }

    /** The place of the member in the set, from 0; negative if it is not in it. */
    int place(int set, int member) {
        return Arrays.binarySearch(sets.get(set), member);
    }
}

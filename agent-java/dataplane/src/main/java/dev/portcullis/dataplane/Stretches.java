// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Arrays;

/**
 * Which indexes of the map {@code matched} are in use, in stretches of one to seven. A stretch that
 * is given back serves again for one of its length.
 */
final class Stretches {
    /** The longest: as many rules as a decision can tell apart. */
    static final int LONGEST = KernelLayout.DECISION_RULE;

    /** Stands for no stretch; the kernel never writes at index 0. */
    static final int NONE = 0;

    private final int capacity;
    private final int[][] free = new int[LONGEST + 1][16];
    private final int[] freeCount = new int[LONGEST + 1];
    private int end = 1;
    private int used;

    Stretches(int capacity) {
        this.capacity = capacity;
    }

    /** The first index of a stretch of this length; {@link #NONE} if there is no room. */
    int take(int length) {
        int start;
        if (freeCount[length] > 0) {
            start = free[length][--freeCount[length]];
        } else if (end <= capacity - length) {
            start = end;
            end += length;
        } else {
            return NONE;
        }
        used += length;
        return start;
    }

    void giveBack(int start, int length) {
        if (freeCount[length] == free[length].length) {
            free[length] = Arrays.copyOf(free[length], 2 * freeCount[length]);
        }
        free[length][freeCount[length]++] = start;
        used -= length;
    }

    /** Indexes that are taken. */
    int used() {
        return used;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.Arrays;

/**
 * Prefixes of one family with a mark and a number each, in the order in which they were added, as
 * columns of primitives, because there may be a million.
 *
 * <p>Both families are kept as 128 bits from the left. {@link #sorted} is a radix sort, byte by
 * byte from the last one: a million objects that are compared by pointers wait for memory most of
 * the time. Bytes in which all rows agree, as in the host bits of IPv6 networks, cost nothing.
 */
final class PrefixColumns {
    private static final int MARK = 32;
    private static final int LENGTH = MARK + 1;

    private final Family family;
    private long[] high = new long[16];
    private long[] low = new long[16];

    /** From the left: length, mark, and the number in 32 bits. */
    private long[] rest = new long[16];

    private int size;

    PrefixColumns(Family family) {
        this.family = family;
    }

    /**
     * @param number not negative
     * @param mark sorts behind the same prefix without
     */
    void add(Prefix prefix, int number, boolean mark) {
        if (size == rest.length) {
            high = Arrays.copyOf(high, size * 2);
            low = Arrays.copyOf(low, size * 2);
            rest = Arrays.copyOf(rest, size * 2);
        }
        boolean ipv4 = family == Family.IPV4;
        high[size] = ipv4 ? prefix.network().low() << 32 : prefix.network().high();
        low[size] = ipv4 ? 0 : prefix.network().low();
        rest[size] = (long) prefix.length() << LENGTH | (mark ? 1L << MARK : 0) | number;
        size++;
    }

    int length(int row) {
        return (int) (rest[row] >>> LENGTH);
    }

    boolean isMarked(int row) {
        return (rest[row] >>> MARK & 1) != 0;
    }

    int number(int row) {
        return (int) rest[row];
    }

    boolean isSamePrefix(int one, int other) {
        return high[one] == high[other] && low[one] == low[other] && length(one) == length(other);
    }

    /** Whether one row's prefix holds all addresses of the other's. */
    boolean contains(int outer, int inner) {
        int length = length(outer);
        return length <= length(inner)
                && ((high[outer] ^ high[inner]) & Prefix.ones(length)) == 0
                && ((low[outer] ^ low[inner]) & Prefix.ones(length - 64)) == 0;
    }

    /** Adds a row's prefix to a table. */
    void addTo(PrefixTable.Builder table, int row, int value) {
        if (family == Family.IPV4) {
            table.add(0, high[row] >>> 32, length(row), value);
        } else {
            table.add(high[row], low[row], length(row), value);
        }
    }

    /**
     * The rows by network, then length, then mark; those that agree in all of it as they were
     * added.
     */
    int[] sorted() {
        int[] order = new int[size];
        Arrays.setAll(order, i -> i);
        order = sorted(order, rest, MARK);
        order = sorted(order, low, 0);
        return sorted(order, high, 0);
    }

    /**
     * By a column, and where it agrees in the order given.
     *
     * @param lowest the first bit of the column that counts
     */
    private int[] sorted(int[] given, long[] column, int lowest) {
        long varying = 0;
        for (int row = 1; row < size; row++) {
            varying |= column[row] ^ column[0];
        }
        int[] order = given;
        int[] next = new int[size];
        for (int shift = lowest; shift < Long.SIZE; shift += Byte.SIZE) {
            if ((varying >>> shift & 0xff) != 0) {
                int[] free = order;
                order = byByte(order, next, column, shift);
                next = free;
            }
        }
        return order;
    }

    private static int[] byByte(int[] order, int[] next, long[] column, int shift) {
        int[] place = new int[257];
        for (int row : order) {
            place[(int) (column[row] >>> shift & 0xff) + 1]++;
        }
        for (int i = 1; i < place.length; i++) {
            place[i] += place[i - 1];
        }
        for (int row : order) {
            next[place[(int) (column[row] >>> shift & 0xff)]++] = row;
        }
        return next;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.Arrays;

/**
 * Prefixes of one family with a number each, in the order of {@link Prefix#compareTo}. Columns of
 * primitives, because a table may hold a million rows.
 */
public final class PrefixTable {
    private final Family family;
    private final long[] high;
    private final long[] low;
    private final byte[] length;
    private final int[] value;
    private final int size;

    private PrefixTable(Builder builder) {
        family = builder.family;
        size = builder.size;
        high = Arrays.copyOf(builder.high, family == Family.IPV6 ? size : 0);
        low = Arrays.copyOf(builder.low, size);
        length = Arrays.copyOf(builder.length, size);
        value = Arrays.copyOf(builder.value, size);
    }

    public static PrefixTable empty(Family family) {
        return new Builder(family).build();
    }

    public Family family() {
        return family;
    }

    public int size() {
        return size;
    }

    /** The upper half of an IPv6 network; 0 for IPv4. */
    public long high(int row) {
        return family == Family.IPV6 ? high[row] : 0;
    }

    public long low(int row) {
        return low[row];
    }

    public int length(int row) {
        return length[row] & 0xff;
    }

    public int value(int row) {
        return value[row];
    }

    public Prefix prefix(int row) {
        return new Prefix(new Address(family, high(row), low(row)), length(row));
    }

    /** Compares the prefixes of two rows, which may be of different tables of one family. */
    public int compare(int row, PrefixTable other, int otherRow) {
        int order = Long.compareUnsigned(high(row), other.high(otherRow));
        if (order == 0) {
            order = Long.compareUnsigned(low[row], other.low[otherRow]);
        }
        return order != 0 ? order : Integer.compare(length(row), other.length(otherRow));
    }

    /** Collects rows, which have to come in order. */
    public static final class Builder {
        private final Family family;
        private long[] high;
        private long[] low = new long[16];
        private byte[] length = new byte[16];
        private int[] value = new int[16];
        private int size;

        public Builder(Family family) {
            this.family = family;
            high = new long[family == Family.IPV6 ? 16 : 0];
        }

        public void add(Prefix prefix, int number) {
            add(prefix.network().high(), prefix.network().low(), prefix.length(), number);
        }

        /** The prefix as its numbers; {@code upper} is that of an IPv6 network. */
        void add(long upper, long lower, int bits, int number) {
            if (size == low.length) {
                int larger = size * 2;
                high = family == Family.IPV6 ? Arrays.copyOf(high, larger) : high;
                low = Arrays.copyOf(low, larger);
                length = Arrays.copyOf(length, larger);
                value = Arrays.copyOf(value, larger);
            }
            if (family == Family.IPV6) {
                high[size] = upper;
            }
            low[size] = lower;
            length[size] = (byte) bits;
            value[size] = number;
            size++;
        }

        public PrefixTable build() {
            return new PrefixTable(this);
        }
    }
}

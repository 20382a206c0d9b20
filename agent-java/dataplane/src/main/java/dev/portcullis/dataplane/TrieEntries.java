// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.nio.ByteBuffer;

/**
 * What a trie holds: a number for each prefix, and in tries of peers a stretch of the map {@code
 * matched} besides.
 */
final class TrieEntries {
    private final PrefixTable table;
    private final int[] stretches;

    private TrieEntries(PrefixTable table, int[] stretches) {
        this.table = table;
        this.stretches = stretches;
    }

    static TrieEntries none(Family family) {
        return plain(PrefixTable.empty(family));
    }

    /** Entries whose times are not kept: of local addresses. */
    static TrieEntries plain(PrefixTable table) {
        return new TrieEntries(table, new int[0]);
    }

    /**
     * @param stretches one for each row; not to be changed afterwards
     */
    static TrieEntries peers(PrefixTable table, int[] stretches) {
        return new TrieEntries(table, stretches);
    }

    PrefixTable table() {
        return table;
    }

    int stretch(int row) {
        return stretches.length == 0 ? Stretches.NONE : stretches[row];
    }

    /** Whether the values of two rows are the same. */
    boolean sameValue(int row, TrieEntries other, int otherRow) {
        return table.value(row) == other.table.value(otherRow)
                && stretch(row) == other.stretch(otherRow);
    }

    /** {@code struct source}, or {@code struct local} in a trie of those. */
    void putValue(int row, int size, ByteBuffer values) {
        values.putInt(table.value(row));
        if (size == KernelLayout.SOURCE_SIZE) {
            values.putInt(stretch(row));
        }
    }

    /** The first row that is not before the prefix. */
    int firstFrom(Prefix prefix) {
        int low = 0;
        int high = table.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (table.prefix(middle).compareTo(prefix) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean isInside(int row, Prefix prefix) {
        return table.length(row) >= prefix.length()
                && share(
                        table.family(),
                        prefix.length(),
                        table.high(row) ^ prefix.network().high(),
                        table.low(row) ^ prefix.network().low());
    }

    /** Whether the prefix of a row holds that of a row of another table of the family. */
    boolean holds(int row, TrieEntries other, int otherRow) {
        int length = table.length(row);
        return length <= other.table.length(otherRow)
                && share(
                        table.family(),
                        length,
                        table.high(row) ^ other.table.high(otherRow),
                        table.low(row) ^ other.table.low(otherRow));
    }

    /** Whether addresses have their first bits in common, given where they differ. */
    private static boolean share(Family family, int length, long high, long low) {
        if (family == Family.IPV4) {
            return low >>> (32 - length) == 0;
        }
        if (length <= 64) {
            return length == 0 || high >>> (64 - length) == 0;
        }
        return high == 0 && low >>> (128 - length) == 0;
    }
}

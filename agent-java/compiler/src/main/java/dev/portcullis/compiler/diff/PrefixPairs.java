// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntBinaryOperator;

/**
 * Lays two tables of one family over each other and tells what is made of both values for every
 * address, in prefixes that do not overlap and are as few as can be, from the lowest to the
 * highest.
 *
 * <p>It halves the address space as long as a half holds rows of either table; rows of a half are
 * neighbours, because tables are sorted. Two halves that come to the same become one again on the
 * way back. That is at most a step for each bit of each row.
 *
 * <p>A half that came to one result has to wait until its other half is known. Those that wait are
 * lower halves of the prefixes around the place that was reached, so they are at most one for each
 * bit of an address; as soon as two halves differ, none of them can become one with another.
 */
final class PrefixPairs {
    /** Takes a stretch of addresses. */
    interface Sink {
        void accept(Prefix prefix, int result);
    }

    /** A stretch of addresses that may become part of a larger one. */
    private record Piece(Prefix prefix, int result) {}

    /** The halves differ, and have been told. */
    private static final int MIXED = Integer.MIN_VALUE;

    private final PrefixTable before;
    private final PrefixTable after;
    private final IntBinaryOperator combine;
    private final Sink sink;
    private final Deque<Piece> waiting = new ArrayDeque<>();

    private PrefixPairs(
            PrefixTable before, PrefixTable after, IntBinaryOperator combine, Sink sink) {
        this.before = before;
        this.after = after;
        this.combine = combine;
        this.sink = sink;
    }

    /**
     * @param combine of the values that an address has before and after, 0 where a table has none
     */
    static void walk(PrefixTable before, PrefixTable after, IntBinaryOperator combine, Sink sink) {
        PrefixPairs pairs = new PrefixPairs(before, after, combine, sink);
        Prefix all = Prefix.all(before.family());
        Rows everyBefore = new Rows(before, 0, before.size(), 0);
        Rows everyAfter = new Rows(after, 0, after.size(), 0);
        pairs.visit(all, everyBefore, everyAfter);
        pairs.tell();
    }

    /**
     * The rows of a table inside a prefix.
     *
     * @param value what holds where none of them does
     */
    private record Rows(PrefixTable table, int from, int to, int value) {
        /** The same without the row of the prefix itself, whose value is what holds inside. */
        Rows entered(Prefix prefix) {
            return from < to && table.length(from) == prefix.length()
                    ? new Rows(table, from + 1, to, table.value(from))
                    : this;
        }

        boolean isEmpty() {
            return from == to;
        }

        /** The first row that is not below an address. */
        int firstFrom(Address address) {
            int low = from;
            int high = to;
            while (low < high) {
                int middle = (low + high) >>> 1;
                int order = Long.compareUnsigned(table.high(middle), address.high());
                if (order == 0) {
                    order = Long.compareUnsigned(table.low(middle), address.low());
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** Leaves a piece waiting, unless it is {@link #MIXED}. */
    private int visit(Prefix prefix, Rows rowsBefore, Rows rowsAfter) {
        Rows old = rowsBefore.entered(prefix);
        Rows now = rowsAfter.entered(prefix);
        if (old.isEmpty() && now.isEmpty()) {
            return await(prefix, combine.applyAsInt(old.value, now.value));
        }
        Prefix lower = Prefix.of(prefix.network(), prefix.length() + 1);
        Prefix upper = new Prefix(middle(prefix), prefix.length() + 1);
        int oldMiddle = old.firstFrom(upper.network());
        int nowMiddle = now.firstFrom(upper.network());
        int below =
                visit(
                        lower,
                        new Rows(before, old.from, oldMiddle, old.value),
                        new Rows(after, now.from, nowMiddle, now.value));
        int above =
                visit(
                        upper,
                        new Rows(before, oldMiddle, old.to, old.value),
                        new Rows(after, nowMiddle, now.to, now.value));
        if (below == above && below != MIXED) {
            waiting.removeLast();
            waiting.removeLast();
            return await(prefix, below);
        }
        tell();
        return MIXED;
    }

    private int await(Prefix prefix, int result) {
        waiting.addLast(new Piece(prefix, result));
        return result;
    }

    private void tell() {
        while (!waiting.isEmpty()) {
            Piece piece = waiting.removeFirst();
            sink.accept(piece.prefix, piece.result);
        }
    }

    /** The first address of the upper half. */
    private static Address middle(Prefix prefix) {
        Address network = prefix.network();
        int bit = network.family().bits() - prefix.length() - 1;
        return network.family() == Family.IPV6 && bit >= 64
                ? new Address(Family.IPV6, network.high() | 1L << (bit - 64), network.low())
                : new Address(network.family(), network.high(), network.low() | 1L << bit);
    }
}

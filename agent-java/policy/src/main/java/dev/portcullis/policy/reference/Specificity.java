// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import java.util.Comparator;
import java.util.OptionalInt;

/**
 * How closely a resource fits a packet: a named workload over none, the deepest first; then the
 * longest local prefix, then a named interface over none, then a named protocol over any, then the
 * narrowest port range.
 *
 * @param workloadsAbove how many workloads of the sender are deeper than the named one; empty if
 *     none is named
 */
record Specificity(
        OptionalInt workloadsAbove,
        int prefixLength,
        boolean interfaceNamed,
        boolean protocolNamed,
        int portRangeWidth)
        implements Comparable<Specificity> {
    private static final Comparator<Specificity> ORDER =
            Comparator.comparingInt(Specificity::workloadRank)
                    .thenComparingInt(Specificity::prefixLength)
                    .thenComparing(Specificity::interfaceNamed)
                    .thenComparing(Specificity::protocolNamed)
                    .thenComparing(Specificity::portRangeWidth, Comparator.reverseOrder());

    private int workloadRank() {
        return -workloadsAbove.orElse(Integer.MAX_VALUE);
    }

    @Override
    public int compareTo(Specificity other) {
        return ORDER.compare(this, other);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import java.util.Comparator;

/**
 * How closely a resource fits a packet: the longest local prefix first, then a named interface over
 * none, then a named protocol over any, then the narrowest port range.
 */
record Specificity(
        int prefixLength, boolean interfaceNamed, boolean protocolNamed, int portRangeWidth)
        implements Comparable<Specificity> {
    private static final Comparator<Specificity> ORDER =
            Comparator.comparingInt(Specificity::prefixLength)
                    .thenComparing(Specificity::interfaceNamed)
                    .thenComparing(Specificity::protocolNamed)
                    .thenComparing(Specificity::portRangeWidth, Comparator.reverseOrder());

    @Override
    public int compareTo(Specificity other) {
        return ORDER.compare(this, other);
    }
}

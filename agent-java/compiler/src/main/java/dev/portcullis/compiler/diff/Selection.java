// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Some of the things that have names.
 *
 * @param names of those that are meant or, if {@code others}, are not
 * @param others whether all others are meant, those without a name too
 */
public record Selection(SortedSet<String> names, boolean others) {
    /** Stands for what has no name in a set of chosen ones. */
    static final String OTHER = "";

    /**
     * @param chosen some of {@code all}, which holds {@link #OTHER}
     */
    static Selection of(SortedSet<String> chosen, SortedSet<String> all) {
        boolean others = chosen.contains(OTHER);
        SortedSet<String> names = new TreeSet<>(others ? all : chosen);
        if (others) {
            names.removeAll(chosen);
        }
        return new Selection(names, others);
    }

    public boolean contains(String name) {
        return names.contains(name) != others;
    }

    boolean isAll() {
        return others && names.isEmpty();
    }

    /** For people; empty for all. */
    String text(String among, String besides) {
        return isAll() ? "" : (others ? besides : among) + String.join(", ", names);
    }
}

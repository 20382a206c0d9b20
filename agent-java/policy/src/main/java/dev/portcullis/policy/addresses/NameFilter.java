// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.addresses;

import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names that a set asks for, against those that a list has. */
final class NameFilter {
    private static final int SHOWN = 8;

    private final String field;
    private final String noun;
    private final Set<String> wanted;
    private final SortedSet<String> seen = new TreeSet<>();

    /**
     * @param noun what the names are of, such as {@code service}
     * @param wanted empty for all
     */
    NameFilter(String field, String noun, List<String> wanted) {
        this.field = field;
        this.noun = noun;
        this.wanted = new LinkedHashSet<>(wanted);
    }

    /**
     * @param name of an entry; empty if it has none
     */
    boolean takes(String name) {
        if (wanted.isEmpty()) {
            return true;
        }
        if (!name.isEmpty()) {
            seen.add(name);
        }
        return wanted.contains(name);
    }

    /** Each name that no entry has is most likely mistyped. */
    void check(Findings findings) {
        int index = 0;
        for (String name : wanted) {
            if (!seen.contains(name)) {
                findings.violation(field + "[" + index + "]", unknown(name));
            }
            index++;
        }
    }

    private String unknown(String name) {
        if (seen.isEmpty()) {
            return "the list tells no " + noun + "s; take " + Quoted.of(name) + " out";
        }
        String guess = Suggestion.didYouMean(name, seen);
        return "the list has no "
                + noun
                + " "
                + Quoted.of(name)
                + (guess.isEmpty() ? "; it has " + some() : guess);
    }

    private String some() {
        String first = String.join(", ", seen.stream().limit(SHOWN).map(Quoted::of).toList());
        return seen.size() <= SHOWN ? first : first + " and " + (seen.size() - SHOWN) + " more";
    }
}

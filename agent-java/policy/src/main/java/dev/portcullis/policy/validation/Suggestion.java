// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * The known word that a mistyped one was meant to be: the nearest by edit distance, where swapping
 * two neighbours is one edit and letter case is none, and at most a third of the letters differ.
 */
public final class Suggestion {
    private static final int LONGEST = 64;

    private Suggestion() {}

    public static Optional<String> of(String given, Collection<String> known) {
        int limit = Math.min(Math.max(1, given.length() / 3), given.length() - 1);
        if (given.length() > LONGEST) {
            return Optional.empty();
        }
        Optional<String> nearest = Optional.empty();
        for (String candidate : known) {
            if (Math.abs(candidate.length() - given.length()) <= limit) {
                int distance = distance(lower(given), lower(candidate));
                if (distance <= limit) {
                    nearest = Optional.of(candidate);
                    limit = distance - 1;
                }
            }
        }
        return nearest;
    }

    /** {@code (did you mean "office"?)}, with the blank before it, or nothing. */
    public static String didYouMean(String given, Collection<String> known) {
        return of(given, known).map(word -> " (did you mean \"" + word + "\"?)").orElse("");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Optimal string alignment, three rows at a time. */
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(above[j - 1] + change, 1 + Math.min(above[j], row[j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = above;
            above = row;
            row = free;
        }
        return above[b.length()];
    }
}

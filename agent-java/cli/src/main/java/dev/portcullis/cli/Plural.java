// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.Locale;

/** Counts in words. */
final class Plural {
    private Plural() {}

    /** {@code 1 policy}, {@code 2,000 policies}. */
    static String of(long count, String noun) {
        String word = count == 1 ? noun : plural(noun);
        return String.format(Locale.ROOT, "%,d %s", count, word);
    }

    private static String plural(String noun) {
        return noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }
}

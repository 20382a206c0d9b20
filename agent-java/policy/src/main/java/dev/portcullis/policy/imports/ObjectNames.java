// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names of objects of one kind, made of names that other systems take; no two are the same. */
final class ObjectNames {
    /** Below the limit of 253, with room for a number. */
    private static final int LONGEST = 240;

    private final Set<String> taken = new HashSet<>();

    /**
     * @param wanted any text
     * @param otherwise what it is named when nothing of that text can be in a name
     */
    String name(String wanted, String otherwise) {
        String base = sound(wanted);
        base = base.isEmpty() ? sound(otherwise) : base;
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /**
     * Lower-case letters, digits, {@code -} and {@code .}, with a letter or digit first and last.
     */
    private static String sound(String text) {
        String name =
                text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9.]+", "-")
                        .replaceAll("-*\\.[-.]*", ".");
        if (name.length() > LONGEST) {
            name = name.substring(0, LONGEST);
        }
        return name.replaceAll("^[-.]+|[-.]+$", "");
    }
}

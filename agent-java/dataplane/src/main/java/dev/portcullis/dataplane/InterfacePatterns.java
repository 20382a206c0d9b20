// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The interfaces to guard: names, or patterns with {@code *} and {@code ?}. Loopback never matches.
 */
public final class InterfacePatterns {
    private final List<String> names;
    private final List<Pattern> patterns;

    public InterfacePatterns(List<String> namesOrPatterns) {
        names = namesOrPatterns.stream().filter(text -> !isPattern(text)).toList();
        patterns =
                namesOrPatterns.stream()
                        .filter(InterfacePatterns::isPattern)
                        .map(InterfacePatterns::compile)
                        .toList();
    }

    private static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    private static Pattern compile(String glob) {
        return Pattern.compile(
                glob.chars()
                        .mapToObj(c ->
                                c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + (char) c))
                        .collect(Collectors.joining()));
    }

    /** Those that were given by name and so have to be there. */
    public List<String> names() {
        return names;
    }

    public boolean matches(String name) {
        return !name.equals("lo")
                && (names.contains(name)
                        || patterns.stream().anyMatch(p -> p.matcher(name).matches()));
    }
}

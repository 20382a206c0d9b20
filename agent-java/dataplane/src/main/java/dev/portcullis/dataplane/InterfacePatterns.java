// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The interfaces to guard: names, or patterns with {@code *} and {@code ?}. Loopback never matches.
 */
public final class InterfacePatterns {
    private final List<String> all;
    private final List<String> names;
    private final List<Pattern> patterns;

    public InterfacePatterns(List<String> namesOrPatterns) {
        all = List.copyOf(namesOrPatterns);
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

    /** The patterns that match none of these interfaces. */
    List<String> idle(Collection<String> interfaces) {
        return all.stream()
                .filter(InterfacePatterns::isPattern)
                .filter(text ->
                        interfaces.stream()
                                .noneMatch(new InterfacePatterns(List.of(text))::matches))
                .toList();
    }

    public boolean matches(String name) {
        return !name.equals("lo")
                && (names.contains(name)
                        || patterns.stream().anyMatch(p -> p.matcher(name).matches()));
    }

    /** As they are written, such as {@code eth1, veth*}. */
    @Override
    public String toString() {
        return String.join(", ", all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Maps, lists, strings, numbers and booleans as YAML: in lines, but a map or list that holds
 * nothing nested in one line. A string is in quotes unless every YAML version takes it for one.
 */
final class YamlText {
    /** Words, names and CIDRs: nothing that means something to YAML, and no number. */
    private static final Pattern PLAIN =
            Pattern.compile(
                    "(?:[A-Za-z]|[0-9]+\\.[0-9]+\\.[0-9]|[0-9.]+/)"
                            + "[A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*");

    private static final int LONGEST_PLAIN = 200;

    private static final Set<String> WORDS_OF_YAML =
            Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    /** A document, from its first to its last line. */
    static String of(Map<String, Object> tree) {
        return of(tree, List.of());
    }

    /**
     * @param comments lines that follow the document's first
     */
    static String of(Map<String, Object> tree, List<String> comments) {
        YamlText yaml = new YamlText();
        yaml.text.append("---");
        comments.forEach(line -> yaml.text.append('\n').append(YamlComment.of(line)));
        yaml.block(tree, "\n");
        return yaml.text.append('\n').toString();
    }

    /**
     * @param newline a line's end and the indentation of the value's lines
     */
    private void block(Object value, String newline) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, field) -> {
                text.append(newline).append(name).append(':');
                nested(field, newline + "  ");
            });
        } else if (value instanceof List<?> list) {
            for (Object item : list) {
                text.append(newline).append('-');
                nested(item, newline + "  ");
            }
        }
    }

    private void nested(Object value, String newline) {
        if (isLeaf(value)) {
            text.append(' ');
            inLine(value);
        } else {
            block(value, newline);
        }
    }

    /** Whether a value is in one line: a scalar, or a collection of scalars. */
    private static boolean isLeaf(Object value) {
        return children(value).stream().noneMatch(YamlText::isCollection);
    }

    private static Collection<?> children(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.values();
        }
        return value instanceof List<?> list ? list : List.of();
    }

    private static boolean isCollection(Object value) {
        return value instanceof Map || value instanceof List;
    }

    private void inLine(Object value) {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                text.append(separator).append(entry.getKey()).append(": ");
                inLine(entry.getValue());
                separator = ", ";
            }
            text.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object item : list) {
                text.append(separator);
                inLine(item);
                separator = ", ";
            }
            text.append(list.isEmpty() ? "[]" : "]");
        } else if (value instanceof String string && !isPlain(string)) {
            JsonText.appendString(text, string);
        } else {
            text.append(value);
        }
    }

    private static boolean isPlain(String string) {
        return string.length() <= LONGEST_PLAIN
                && PLAIN.matcher(string).matches()
                && !WORDS_OF_YAML.contains(string.toLowerCase(Locale.ROOT));
    }
}

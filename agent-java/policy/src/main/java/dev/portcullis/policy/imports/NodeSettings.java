// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.file.YamlTree;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.file.YamlTree.Sequence;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of an elasticsearch.yml by their full names, in whatever mixture of dots and nested
 * maps they are written. What is wrong with a setting is told when it is asked for: what Portcullis
 * has no use for need not be right.
 */
final class NodeSettings {
    /** More than any node has; aliases can make a small text stand for very many. */
    private static final int MOST_SETTINGS = 100_000;

    /**
     * A value as it is written.
     *
     * @param text without blanks around it
     */
    record Value(int line, String text) {
        /** Whether the node puts something else in its place when it starts. */
        boolean isSubstituted() {
            return text.contains("${");
        }
    }

    private final SingleDocument document;
    private final Map<String, List<YamlTree>> settings = new LinkedHashMap<>();
    private final Set<String> told = new HashSet<>();
    private int count;

    NodeSettings(SourceText source) {
        this.document = new SingleDocument(source, "a map of Elasticsearch's settings");
        flatten("", document.root());
    }

    private void flatten(String prefix, Mapping map) {
        for (YamlTree.Entry entry : map.entries()) {
            if (count++ >= MOST_SETTINGS) {
                refuse(1, "", "holds more than 100,000 settings");
                return;
            }
            if (!(entry.key() instanceof Scalar key)) {
                document.refuse(entry.key().line(), prefix, "has a name that is not text");
                continue;
            }
            String name = prefix.isEmpty() ? key.text() : prefix + "." + key.text();
            if (entry.value() instanceof Mapping nested) {
                flatten(name, nested);
            } else {
                settings.computeIfAbsent(name, n -> new ArrayList<>(1)).add(entry.value());
            }
        }
    }

    /** In the order of the file. */
    Set<String> names() {
        return settings.keySet();
    }

    /** The line of a setting that is there. */
    int line(String name) {
        return settings.get(name).get(0).line();
    }

    /**
     * The values of a list, or of a text with commas. As in Elasticsearch an empty text is as good
     * as none, and an empty list is a list.
     */
    Optional<List<Value>> list(String name) {
        return find(name)
                .map(value -> value instanceof Sequence list ? items(name, list) : parts(value))
                .filter(values -> !values.isEmpty() || isList(name));
    }

    private boolean isList(String name) {
        return settings.get(name).get(0) instanceof Sequence;
    }

    private List<Value> items(String name, Sequence list) {
        List<Value> values = new ArrayList<>();
        for (YamlTree item : list.items()) {
            if (item instanceof Scalar scalar && !scalar.isNull()) {
                List<Value> parts = parts(scalar);
                if (parts.size() > 1 && parts.stream().anyMatch(NodeSettings::standsAlone)) {
                    refuse(item.line(), name, severalInOne(scalar));
                }
                values.addAll(parts);
            } else {
                refuse(item.line(), name, "must be a list of texts; take out or quote this item");
            }
        }
        return values;
    }

    private static String severalInOne(Scalar item) {
        return Quoted.of(item.text())
                + " is several in one, which Elasticsearch refuses; make them items of the list";
    }

    private static boolean standsAlone(Value value) {
        return value.text().equals("_all") || value.text().indexOf('/') >= 0;
    }

    private static List<Value> parts(YamlTree value) {
        return Arrays.stream(((Scalar) value).text().split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(part -> new Value(value.line(), part))
                .toList();
    }

    /** The value of a setting that has one. */
    Optional<Value> single(String name) {
        Optional<YamlTree> found = find(name);
        if (found.isPresent() && found.get() instanceof Scalar scalar) {
            return Optional.of(new Value(scalar.line(), scalar.text().strip()));
        }
        found.ifPresent(tree -> refuse(tree.line(), name, "is a list; write one value"));
        return Optional.empty();
    }

    /** One of {@code true} and {@code false}; substituted values are as good as none. */
    Optional<Boolean> flag(String name) {
        Optional<Value> value = single(name).filter(v -> !v.isSubstituted());
        if (value.isPresent() && !List.of("true", "false").contains(value.get().text())) {
            refuse(
                    value.get().line(),
                    name,
                    Quoted.of(value.get().text()) + " is not true or false");
            return Optional.empty();
        }
        return value.map(v -> v.text().equals("true"));
    }

    private Optional<YamlTree> find(String name) {
        List<YamlTree> found = settings.getOrDefault(name, List.of());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        YamlTree first = found.get(0);
        if (found.size() > 1) {
            refuse(
                    found.get(1).line(),
                    name,
                    "is set at line "
                            + first.line()
                            + " already, and Elasticsearch refuses a second; keep one");
        }
        if (first.isNull()) {
            refuse(first.line(), name, "has no value; write one, or take the line out");
            return Optional.empty();
        }
        return Optional.of(first);
    }

    /** Tells what is wrong, once. */
    void refuse(int line, String name, String message) {
        if (told.add(line + name + message)) {
            document.refuse(line, name, message);
        }
    }

    List<Violation> violations() {
        return List.copyOf(document.violations());
    }
}

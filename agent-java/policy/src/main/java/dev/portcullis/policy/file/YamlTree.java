// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.validation.Quoted;
import java.util.List;
import java.util.Optional;

/**
 * A YAML value that knows its line, from 1. It is smaller by far than the library's own nodes, of
 * which a policy of a million rules would fill gigabytes.
 */
public sealed interface YamlTree {
    int line();

    /** A tag beyond those of plain YAML. */
    Optional<String> foreignTag();

    /** How messages name it. */
    String describe();

    /**
     * @param isNull empty, {@code null} or {@code ~}: the same as a field that is not there
     */
    record Scalar(int line, Optional<String> foreignTag, String text, boolean isNull)
            implements YamlTree {
        @Override
        public String describe() {
            return Quoted.of(text);
        }
    }

    record Sequence(int line, Optional<String> foreignTag, List<YamlTree> items)
            implements YamlTree {
        @Override
        public String describe() {
            return "a list";
        }
    }

    /**
     * @param entries as written, also those with the same key
     */
    record Mapping(int line, Optional<String> foreignTag, List<Entry> entries) implements YamlTree {
        /** The first entry of this name. */
        public Optional<Entry> entry(String name) {
            return entries.stream().filter(entry -> entry.isNamed(name)).findFirst();
        }

        @Override
        public String describe() {
            return "a map";
        }
    }

    record Entry(YamlTree key, YamlTree value) {
        public boolean isNamed(String name) {
            return key instanceof Scalar scalar && scalar.text().equals(name);
        }
    }

    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.isNull;
    }
}

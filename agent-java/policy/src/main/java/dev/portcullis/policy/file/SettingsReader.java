// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.file.YamlTree.Entry;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a YAML text that is one message by itself, such as a configuration file. Whether a field
 * was written at all is kept: an empty list or null may mean something else than the default.
 */
public final class SettingsReader {
    private final SourceText source;
    private final List<Violation> violations = new ArrayList<>();
    private final Set<String> meant = new HashSet<>();
    private Optional<Mapping> root = Optional.empty();

    private SettingsReader(SourceText source) {
        this.source = source;
    }

    /** Sets what is written in the message; what does not fit is left out and told. */
    public static SettingsReader read(SourceText source, Message.Builder message) {
        SettingsReader reader = new SettingsReader(source);
        try {
            reader.root = reader.onlyDocument();
        } catch (UnreadableYaml e) {
            reader.add(e.line(), "", e.getMessage());
        }
        reader.root.ifPresent(
                map -> new MessageReader(reader.problems()).read(map, message, "", Set.of()));
        return reader;
    }

    private Optional<Mapping> onlyDocument() throws UnreadableYaml {
        YamlStream stream = new YamlStream(source);
        Optional<YamlTree> document = stream.next();
        stream.next()
                .ifPresent(
                        second -> add(second.line(), "", "is a second document; keep one of them"));
        if (document.isEmpty() || document.get().isNull()) {
            return Optional.empty();
        }
        if (document.get() instanceof Mapping map) {
            return Optional.of(map);
        }
        add(
                document.get().line(),
                "",
                "is " + document.get().describe() + ", and must be a map of settings");
        return Optional.empty();
    }

    private MessageReader.Problems problems() {
        return new MessageReader.Problems() {
            @Override
            public void add(YamlTree at, String field, String message) {
                SettingsReader.this.add(at.line(), field, message);
            }

            @Override
            public void meant(String field) {
                meant.add(field);
            }
        };
    }

    private void add(int line, String field, String message) {
        Location location = new Location(source.name(), line);
        violations.add(new Violation(Optional.of(location), "", field, message));
    }

    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** Names of the top-level fields that are written, also those with null or an empty list. */
    public Set<String> written() {
        return root.stream()
                .flatMap(map -> map.entries().stream())
                .map(Entry::key)
                .filter(Scalar.class::isInstance)
                .map(key -> ((Scalar) key).text())
                .collect(Collectors.toSet());
    }

    /** Whether something was told that explains why this field, or a part of it, is not there. */
    public boolean isTold(String field) {
        return meant.contains(field)
                || violations.stream()
                        .anyMatch(told -> told.field().isEmpty() || told.field().startsWith(field));
    }

    /** A violation with the line of its field. */
    public Violation located(Violation violation) {
        Location start = new Location(source.name(), 1);
        return violation.at(
                root.map(map -> FieldLocator.along(map, start, violation.field())).orElse(start));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.file.YamlTree.Entry;
import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Scalar;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import dev.portcullis.policy.validation.Violation;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one object. */
final class ObjectReader implements MessageReader.Problems {
    private static final List<String> KINDS = ObjectKind.texts();

    private final SourceText source;
    private final List<Violation> violations;
    private final Set<String> faulty = new HashSet<>();

    /** What violations name as their object; known once kind and name have been read. */
    private String object = "";

    ObjectReader(SourceText source, List<Violation> violations) {
        this.source = source;
        this.violations = violations;
    }

    Optional<Document> read(YamlTree root) {
        if (!(root instanceof Mapping map)) {
            add(
                    root,
                    "",
                    "is "
                            + root.describe()
                            + ", and must be an object with apiVersion, kind, metadata and spec");
            return Optional.empty();
        }
        Optional<ObjectKind> kind = scalar(map, Envelope.KIND).flatMap(ObjectKind::of);
        String name =
                entry(map, "metadata")
                        .filter(Mapping.class::isInstance)
                        .flatMap(metadata -> scalar((Mapping) metadata, "name"))
                        .orElse("");
        object = kind.map(k -> new ObjectName(k, shortened(name)).toString()).orElse("");
        checkVersion(map);
        if (kind.isEmpty()) {
            refuseKind(map);
            return Optional.empty();
        }
        Message.Builder message = Envelope.newObject(kind.get());
        new MessageReader(this).read(map, message, "", Envelope.FIELDS);
        if (name.isEmpty() && faulty.stream().noneMatch(path -> path.startsWith("metadata"))) {
            add(map, "metadata.name", "is missing; give the " + kind.get().label() + " a name");
        }
        Location location = new Location(source.name(), map.line());
        ObjectName objectName = new ObjectName(kind.get(), name);
        return Optional.of(new Document(location, objectName, message.build(), faulty));
    }

    private void checkVersion(Mapping map) {
        Optional<YamlTree> version = entry(map, Envelope.API_VERSION);
        if (version.isEmpty()) {
            add(map, Envelope.API_VERSION, "is missing; write " + Envelope.CURRENT_VERSION);
        } else if (!scalar(map, Envelope.API_VERSION)
                .equals(Optional.of(Envelope.CURRENT_VERSION))) {
            add(
                    version.get(),
                    Envelope.API_VERSION,
                    "is " + version.get().describe() + ", and must be " + Envelope.CURRENT_VERSION);
        }
    }

    private void refuseKind(Mapping map) {
        Optional<YamlTree> kind = entry(map, Envelope.KIND);
        String known =
                String.join(", ", KINDS.subList(0, KINDS.size() - 1))
                        + " or "
                        + KINDS.get(KINDS.size() - 1);
        if (kind.isEmpty()) {
            add(map, Envelope.KIND, "is missing; write " + known);
        } else {
            add(
                    kind.get(),
                    Envelope.KIND,
                    "is "
                            + kind.get().describe()
                            + ", and must be "
                            + known
                            + Suggestion.didYouMean(scalar(map, Envelope.KIND).orElse(""), KINDS));
        }
    }

    private static Optional<YamlTree> entry(Mapping map, String name) {
        return map.entry(name).map(Entry::value).filter(value -> !value.isNull());
    }

    private static Optional<String> scalar(Mapping map, String name) {
        return entry(map, name)
                .filter(Scalar.class::isInstance)
                .map(value -> ((Scalar) value).text());
    }

    /** A name that is no name must not make a message unreadable. */
    private static String shortened(String name) {
        boolean readable = name.length() <= 253 && name.chars().allMatch(c -> c > ' ' && c < 127);
        return readable ? name : Quoted.of(name);
    }

    @Override
    public void add(YamlTree at, String field, String message) {
        faulty.add(field);
        Location location = new Location(source.name(), at.line());
        violations.add(new Violation(Optional.of(location), object, field, message));
    }

    @Override
    public void meant(String field) {
        faulty.add(field);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import dev.portcullis.policy.validation.Violation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads one object. */
final class ObjectReader implements MessageReader.Problems {
    private static final List<String> KINDS =
            Arrays.stream(ObjectKind.values()).map(ObjectKind::text).toList();

    private final SourceText source;
    private final List<Violation> violations;
    private final Set<String> faulty = new HashSet<>();

    /** What violations name as their object; known once kind and name have been read. */
    private String object = "";

    ObjectReader(SourceText source, List<Violation> violations) {
        this.source = source;
        this.violations = violations;
    }

    Optional<Document> read(Node root) {
        if (!(root instanceof MappingNode map)) {
            add(
                    root,
                    "",
                    "is "
                            + MessageReader.describe(root)
                            + ", and must be an object with apiVersion, kind, metadata and spec");
            return Optional.empty();
        }
        Optional<ObjectKind> kind = scalar(map, Envelope.KIND).flatMap(ObjectReader::kind);
        String name =
                entry(map, "metadata")
                        .filter(MappingNode.class::isInstance)
                        .flatMap(metadata -> scalar((MappingNode) metadata, "name"))
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
        Location location = new Location(source.name(), YamlStream.line(map));
        ObjectName objectName = new ObjectName(kind.get(), name);
        return Optional.of(new Document(location, objectName, message.build(), faulty));
    }

    private void checkVersion(MappingNode map) {
        Optional<Node> version = entry(map, Envelope.API_VERSION);
        if (version.isEmpty()) {
            add(map, Envelope.API_VERSION, "is missing; write " + Envelope.CURRENT_VERSION);
        } else if (!scalar(map, Envelope.API_VERSION)
                .equals(Optional.of(Envelope.CURRENT_VERSION))) {
            add(
                    version.get(),
                    Envelope.API_VERSION,
                    "is "
                            + MessageReader.describe(version.get())
                            + ", and must be "
                            + Envelope.CURRENT_VERSION);
        }
    }

    private void refuseKind(MappingNode map) {
        Optional<Node> kind = entry(map, Envelope.KIND);
        String known = String.join(" or ", KINDS);
        if (kind.isEmpty()) {
            add(map, Envelope.KIND, "is missing; write " + known);
        } else {
            add(
                    kind.get(),
                    Envelope.KIND,
                    "is "
                            + MessageReader.describe(kind.get())
                            + ", and must be "
                            + known
                            + Suggestion.didYouMean(scalar(map, Envelope.KIND).orElse(""), KINDS));
        }
    }

    private static Optional<ObjectKind> kind(String text) {
        return Arrays.stream(ObjectKind.values()).filter(k -> k.text().equals(text)).findFirst();
    }

    private static Optional<Node> entry(MappingNode map, String name) {
        return map.getValue().stream()
                .filter(e ->
                        e.getKeyNode() instanceof ScalarNode key && name.equals(key.getValue()))
                .findFirst()
                .map(NodeTuple::getValueNode)
                .filter(value -> !MessageReader.isNull(value));
    }

    private static Optional<String> scalar(MappingNode map, String name) {
        return entry(map, name)
                .filter(ScalarNode.class::isInstance)
                .map(value -> ((ScalarNode) value).getValue());
    }

    /** A name that is no name must not make a message unreadable. */
    private static String shortened(String name) {
        boolean readable = name.length() <= 253 && name.chars().allMatch(c -> c > ' ' && c < 127);
        return readable ? name : Quoted.of(name);
    }

    @Override
    public void add(Node at, String field, String message) {
        faulty.add(field);
        Location location = new Location(source.name(), YamlStream.line(at));
        violations.add(new Violation(Optional.of(location), object, field, message));
    }

    @Override
    public void meant(String field) {
        faulty.add(field);
    }
}

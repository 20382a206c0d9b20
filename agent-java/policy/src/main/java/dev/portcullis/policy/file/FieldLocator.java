// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds the lines of fields by their paths. */
final class FieldLocator {
    private static final Pattern STEP = Pattern.compile("\\[(\\d{1,9})]|[^.\\[\\]]+");

    private final Map<String, Location> objects = new HashMap<>();
    private final Map<Location, Node> roots = new HashMap<>();

    FieldLocator(Documents documents) {
        documents.documents().forEach(d -> objects.putIfAbsent(d.name().toString(), d.location()));
        documents.sources().forEach(this::read);
    }

    List<Violation> located(List<Violation> violations) {
        return violations.stream().map(this::located).toList();
    }

    private Violation located(Violation violation) {
        Location object = objects.get(violation.object());
        Node root = object == null ? null : roots.get(object);
        if (root == null || violation.location().isPresent()) {
            return violation;
        }
        return violation.at(along(root, object, violation.field()));
    }

    private void read(SourceText source) {
        YamlStream stream = new YamlStream(source);
        try {
            for (Optional<Node> next = stream.next(); next.isPresent(); next = stream.next()) {
                for (Node root : DocumentReader.roots(next.get())) {
                    roots.putIfAbsent(new Location(source.name(), YamlStream.line(root)), root);
                }
            }
        } catch (UnreadableYaml e) {
            // What could be read before is found; the reader has told of the rest.
            return;
        }
    }

    private static Location along(Node root, Location object, String field) {
        Node reached = root;
        int line = object.line();
        for (MatchResult step : STEP.matcher(field).results().toList()) {
            Optional<Found> found =
                    step.group(1) == null
                            ? entry(reached, step.group())
                            : item(reached, Integer.parseInt(step.group(1)));
            if (found.isEmpty()) {
                break;
            }
            reached = found.get().value;
            line = found.get().line;
        }
        return new Location(object.source(), line);
    }

    private static Optional<Found> entry(Node node, String name) {
        if (!(node instanceof MappingNode map)) {
            return Optional.empty();
        }
        return map.getValue().stream()
                .filter(e ->
                        e.getKeyNode() instanceof ScalarNode key && name.equals(key.getValue()))
                .findFirst()
                .map(e -> new Found(YamlStream.line(e.getKeyNode()), e.getValueNode()));
    }

    private static Optional<Found> item(Node node, int index) {
        if (!(node instanceof SequenceNode list) || index >= list.getValue().size()) {
            return Optional.empty();
        }
        Node item = list.getValue().get(index);
        return Optional.of(new Found(YamlStream.line(item), item));
    }

    private record Found(int line, Node value) {}
}

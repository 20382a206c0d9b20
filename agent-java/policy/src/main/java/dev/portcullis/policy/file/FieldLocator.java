// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.validation.Location;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds the line of a field's path. */
final class FieldLocator {
    private static final Pattern STEP = Pattern.compile("\\[(\\d+)]|[^.\\[\\]]+");

    private final List<SourceText> sources;

    FieldLocator(List<SourceText> sources) {
        this.sources = sources;
    }

    /**
     * @param object where the object begins
     */
    Location locate(Location object, String field) {
        for (SourceText source : sources) {
            if (source.name().equals(object.source())) {
                Optional<Location> found =
                        root(source, object.line()).map(root -> along(root, object, field));
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return object;
    }

    private static Optional<Node> root(SourceText source, int line) {
        YamlStream stream = new YamlStream(source);
        try {
            for (Optional<Node> next = stream.next(); next.isPresent(); next = stream.next()) {
                for (Node root : DocumentReader.roots(next.get())) {
                    if (YamlStream.line(root) == line) {
                        return Optional.of(root);
                    }
                }
            }
        } catch (UnreadableYaml e) {
            return Optional.empty();
        }
        return Optional.empty();
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

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.file.YamlTree.Mapping;
import dev.portcullis.policy.file.YamlTree.Sequence;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Finds the lines of fields by their paths. */
final class FieldLocator {
    private static final Pattern STEP = Pattern.compile("\\[(\\d{1,9})]|[^.\\[\\]]+");

    private final Map<String, Location> objects = new HashMap<>();
    private final Map<Location, YamlTree> roots = new HashMap<>();

    FieldLocator(Documents documents) {
        documents.documents().forEach(d -> objects.putIfAbsent(d.name().toString(), d.location()));
        documents.sources().forEach(this::read);
    }

    List<Violation> located(List<Violation> violations) {
        return violations.stream().map(this::located).toList();
    }

    private Violation located(Violation violation) {
        Location object = objects.get(violation.object());
        YamlTree root = object == null ? null : roots.get(object);
        if (root == null || violation.location().isPresent()) {
            return violation;
        }
        return violation.at(along(root, object, violation.field()));
    }

    private void read(SourceText source) {
        YamlStream stream = new YamlStream(source);
        try {
            for (Optional<YamlTree> next = stream.next(); next.isPresent(); next = stream.next()) {
                for (YamlTree root : DocumentReader.roots(next.get())) {
                    roots.putIfAbsent(new Location(source.name(), root.line()), root);
                }
            }
        } catch (UnreadableYaml e) {
            // What could be read before is found; the reader has told of the rest.
            return;
        }
    }

    static Location along(YamlTree root, Location object, String field) {
        YamlTree reached = root;
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

    private static Optional<Found> entry(YamlTree tree, String name) {
        return tree instanceof Mapping map
                ? map.entry(name).map(entry -> new Found(entry.key().line(), entry.value()))
                : Optional.empty();
    }

    private static Optional<Found> item(YamlTree tree, int index) {
        if (!(tree instanceof Sequence list) || index >= list.items().size()) {
            return Optional.empty();
        }
        YamlTree item = list.items().get(index);
        return Optional.of(new Found(item.line(), item));
    }

    private record Found(int line, YamlTree value) {}
}

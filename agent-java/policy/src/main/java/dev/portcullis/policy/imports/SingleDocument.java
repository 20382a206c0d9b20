// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.file.UnreadableYaml;
import dev.portcullis.policy.file.YamlStream;
import dev.portcullis.policy.file.YamlTree;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one map that a file in YAML or JSON is, and what is wrong with it. */
final class SingleDocument {
    private final SourceText source;
    private final List<Violation> violations = new ArrayList<>();
    private final YamlTree.Mapping root;

    /**
     * @param content what the map must be, such as {@code a map of settings}
     */
    SingleDocument(SourceText source, String content) {
        this.source = source;
        this.root = read(content).orElse(new YamlTree.Mapping(1, Optional.empty(), List.of()));
    }

    private Optional<YamlTree.Mapping> read(String content) {
        if (source.text().length() > DocumentReader.MAX_CHARACTERS) {
            refuse(1, "", "is longer than 128 MiB, so it is not " + content);
            return Optional.empty();
        }
        try {
            YamlStream stream = new YamlStream(source);
            Optional<YamlTree> document = stream.next();
            Optional<YamlTree> second = stream.next();
            second.ifPresent(tree -> refuse(tree.line(), "", "is a second document; keep one"));
            if (document.isEmpty() || document.get().isNull()) {
                return Optional.empty();
            }
            if (document.get() instanceof YamlTree.Mapping map) {
                return Optional.of(map);
            }
            YamlTree other = document.get();
            refuse(other.line(), "", "is " + other.describe() + ", and must be " + content);
        } catch (UnreadableYaml e) {
            refuse(e.line(), "", e.getMessage());
        }
        return Optional.empty();
    }

    /** Empty if the file is, or can't be read. */
    YamlTree.Mapping root() {
        return root;
    }

    /**
     * @param field its path in the file
     */
    void refuse(int line, String field, String message) {
        Location location = new Location(source.name(), line);
        violations.add(new Violation(Optional.of(location), "", field, message));
    }

    List<Violation> violations() {
        return violations;
    }
}

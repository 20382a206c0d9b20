// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import dev.portcullis.policy.file.YamlTree.Sequence;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the objects of YAML and JSON texts: one object a document, or a list of objects, any number
 * of documents a text. Everything that is wrong is told at once; only after an error in the YAML
 * itself is the rest of that text left unread.
 */
public final class DocumentReader {
    /** The longest text that is read: 128 Mi characters, room for two million rules. */
    public static final int MAX_CHARACTERS = 128 << 20;

    private final List<Document> documents = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();

    private DocumentReader() {}

    public static Documents read(List<SourceText> sources) {
        DocumentReader reader = new DocumentReader();
        sources.forEach(reader::read);
        return new Documents(sources, reader.documents, reader.violations);
    }

    private void read(SourceText source) {
        if (source.text().length() > MAX_CHARACTERS) {
            refuse(source, 1, "is longer than 128 MiB; split it into several files");
            return;
        }
        YamlStream stream = new YamlStream(source);
        int before = documents.size() + violations.size();
        try {
            for (Optional<YamlTree> next = stream.next(); next.isPresent(); next = stream.next()) {
                for (YamlTree root : roots(next.get())) {
                    new ObjectReader(source, violations).read(root).ifPresent(documents::add);
                }
            }
        } catch (UnreadableYaml e) {
            refuse(source, e.line(), e.getMessage());
        }
        if (documents.size() + violations.size() == before) {
            refuse(source, 1, "holds no object; write one with apiVersion, kind and metadata");
        }
    }

    private void refuse(SourceText source, int line, String message) {
        Location location = new Location(source.name(), line);
        violations.add(new Violation(Optional.of(location), "", "", message));
    }

    /** The objects of a document: none, one, or those of a list. */
    static List<YamlTree> roots(YamlTree document) {
        if (document.isNull()) {
            return List.of();
        }
        return document instanceof Sequence list ? list.items() : List.of(document);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.validation.Location;
import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.Optional;

/**
 * What was read from one or several texts.
 *
 * @param violations everything that does not fit the file format; {@code documents} are whole only
 *     if there are none
 */
public record Documents(
        List<SourceText> sources, List<Document> documents, List<Violation> violations) {
    public Documents {
        sources = List.copyOf(sources);
        documents = List.copyOf(documents);
        violations = List.copyOf(violations);
    }

    /** The objects, in the order of the texts. */
    public List<Message> objects() {
        return documents.stream().map(Document::object).toList();
    }

    /**
     * The line of a field, or of the nearest part around it that is written down. It reads the text
     * again, so that lines take no room until something is wrong.
     *
     * @param object as in {@link Violation#object}: {@code policy office}
     * @param field as in {@link Violation#field}
     */
    public Optional<Location> locate(String object, String field) {
        return documents.stream()
                .filter(document -> document.name().toString().equals(object))
                .findFirst()
                .map(document -> new FieldLocator(sources).locate(document.location(), field));
    }
}

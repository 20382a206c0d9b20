// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.validation.Violation;
import java.util.List;

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
     * The violations with their places in the texts, where their object is in one: the field's
     * line, or that of the nearest part around it that is written down. It reads the texts again,
     * so that lines take no room until something is wrong.
     */
    public List<Violation> located(List<Violation> found) {
        return found.isEmpty() ? List.of() : new FieldLocator(this).located(found);
    }
}

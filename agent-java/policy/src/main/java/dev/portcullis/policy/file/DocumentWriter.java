// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import java.util.List;

/** Writes objects as texts that {@link DocumentReader} reads back to equal objects. */
public final class DocumentWriter {
    private DocumentWriter() {}

    /** A YAML document for each object. */
    public static String yaml(List<? extends Message> objects) {
        StringBuilder text = new StringBuilder();
        objects.forEach(object -> text.append(YamlText.of(ObjectTree.of(object))));
        return text.toString();
    }

    /**
     * A YAML document for each object, with comments.
     *
     * @param opening lines before the first document
     */
    public static String yaml(List<String> opening, List<CommentedObject> objects) {
        StringBuilder text = new StringBuilder();
        opening.forEach(line -> text.append(YamlComment.of(line)).append('\n'));
        objects.forEach(commented ->
                text.append(YamlText.of(ObjectTree.of(commented.object()), commented.comments())));
        return text.toString();
    }

    /** One JSON object. */
    public static String json(Message object) {
        return JsonText.of(ObjectTree.of(object));
    }

    /** A JSON array of the objects. */
    public static String json(List<? extends Message> objects) {
        return JsonText.of(objects.stream().map(ObjectTree::of).toList());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import java.util.List;

/**
 * An object, and what to say of it in a file.
 *
 * @param comments lines, without the sign that begins a comment
 */
public record CommentedObject(Message object, List<String> comments) {
    public CommentedObject {
        comments = List.copyOf(comments);
    }
}

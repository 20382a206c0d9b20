// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import com.google.protobuf.Message;
import dev.portcullis.policy.file.CommentedObject;
import java.util.List;

/**
 * An object that an import made.
 *
 * @param object a {@code Policy} or {@code Resource} of {@code portcullis.v1}
 */
public record ImportedObject(Message object, List<Remark> remarks) {
    public ImportedObject {
        remarks = List.copyOf(remarks);
    }

    CommentedObject commented() {
        return new CommentedObject(
                object, remarks.stream().flatMap(remark -> remark.lines().stream()).toList());
    }
}

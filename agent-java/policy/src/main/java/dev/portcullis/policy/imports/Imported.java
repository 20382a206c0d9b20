// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import com.google.protobuf.Message;
import dev.portcullis.policy.file.DocumentWriter;
import dev.portcullis.policy.validation.Violation;
import java.util.List;
import java.util.stream.Stream;

/**
 * What came of a file.
 *
 * @param remarks those that belong to no object
 * @param violations why the file can't be used, with their places; if there are any, there are no
 *     objects
 */
public record Imported(
        List<Remark> remarks, List<ImportedObject> objects, List<Violation> violations) {
    public Imported {
        remarks = List.copyOf(remarks);
        objects = List.copyOf(objects);
        violations = List.copyOf(violations);
    }

    static Imported refused(List<Violation> violations) {
        return new Imported(List.of(), List.of(), violations);
    }

    /** The objects as YAML, with all remarks as comments. */
    public String yaml() {
        return DocumentWriter.yaml(
                remarks.stream().flatMap(remark -> remark.lines().stream()).toList(),
                objects.stream().map(ImportedObject::commented).toList());
    }

    /** What could not be carried over, each in a sentence. */
    public List<String> lost() {
        return Stream.concat(remarks.stream(), objects.stream().flatMap(o -> o.remarks().stream()))
                .filter(Remark::lost)
                .map(Remark::text)
                .toList();
    }

    public List<Message> messages() {
        return objects.stream().map(ImportedObject::object).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

import com.google.protobuf.Message;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Location;
import java.util.Set;

/**
 * An object as it was read; what did not fit its schema is left out.
 *
 * @param location of its first line
 * @param name its kind and {@code metadata.name}, which is empty when that is missing
 * @param object a {@code Policy} or a {@code Resource} of {@code portcullis.v1}
 * @param faulty paths of the fields that were left out, and told in {@link Documents#violations}
 */
public record Document(Location location, ObjectName name, Message object, Set<String> faulty) {
    public Document {
        faulty = Set.copyOf(faulty);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.Message;
import java.util.List;
import java.util.OptionalLong;

/**
 * A transaction that brings objects.
 *
 * @param replace whether what the owner had and this does not hold is removed
 * @param expectedRevision what has to be current
 */
public record Push(
        List<Message> objects,
        String owner,
        boolean replace,
        boolean dryRun,
        OptionalLong expectedRevision) {
    public Push {
        objects = List.copyOf(objects);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.Message;
import java.util.List;

/**
 * A transaction that brings objects.
 *
 * @param replace whether what the owner had and this does not hold is removed
 */
public record Push(List<Message> objects, String owner, boolean replace, Terms terms) {
    public Push {
        objects = List.copyOf(objects);
    }
}

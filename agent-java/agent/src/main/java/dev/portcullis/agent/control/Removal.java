// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.policy.model.ObjectName;
import java.util.List;

/** A transaction that takes objects away. */
public record Removal(List<ObjectName> objects, Terms terms) {
    public Removal {
        objects = List.copyOf(objects);
    }
}

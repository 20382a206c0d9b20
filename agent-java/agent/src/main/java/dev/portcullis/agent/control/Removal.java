// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.policy.model.ObjectName;
import java.util.List;
import java.util.OptionalLong;

/** A transaction that takes objects away. */
public record Removal(List<ObjectName> objects, boolean dryRun, OptionalLong expectedRevision) {
    public Removal {
        objects = List.copyOf(objects);
    }
}

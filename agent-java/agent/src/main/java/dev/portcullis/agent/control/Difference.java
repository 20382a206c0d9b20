// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.compiler.diff.AccessChange;
import java.util.List;

/**
 * What a push would change.
 *
 * @param outcome in objects
 * @param changes in verdicts
 */
public record Difference(Outcome outcome, List<AccessChange> changes) {
    public Difference {
        changes = List.copyOf(changes);
    }
}

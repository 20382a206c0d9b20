// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Direction;
import java.util.Map;

/**
 * What of a rule set has stretches of indexes.
 *
 * @param peers of each direction
 */
record TimedEntries(Map<Direction, RuleEntries> peers, EndpointEntries endpoints) {
    /** Of a rule set without rules. */
    static TimedEntries none() {
        RuleEntries none = RuleEntries.none();
        return new TimedEntries(
                Map.of(Direction.INGRESS, none, Direction.EGRESS, none), EndpointEntries.none());
    }
}

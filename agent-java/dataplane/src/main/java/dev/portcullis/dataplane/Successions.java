// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.List;

/**
 * What the entries of one rule set leave to those of the next.
 *
 * @param entries of the next rule set
 */
record Successions(TimedEntries entries, List<Handover> handovers) {
    /** See {@link Handover#moveTimes}. */
    void moveTimes() {
        handovers.forEach(Handover::moveTimes);
    }

    /** Gives back what was taken: the rule set does not come into force. */
    void undo() {
        handovers.forEach(Handover::undo);
    }
}

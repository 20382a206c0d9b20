// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import java.time.Instant;

/**
 * How a set is.
 *
 * @param prefixes how many it has
 * @param lastSuccess when it was last read, or found to be as it was
 * @param lastFailure why it could not be read the last time, as a sentence; empty if it could
 * @param refreshes what came of reading it again
 */
public record State(
        String name, int prefixes, Instant lastSuccess, String lastFailure, Refreshes refreshes) {
    /**
     * Counts since the set was first followed.
     *
     * @param changed times that it was something new
     * @param unchanged times that it was as before
     * @param failed times that it could not be read, and stayed as it was
     */
    public record Refreshes(long changed, long unchanged, long failed) {
        static final Refreshes NONE = new Refreshes(0, 0, 0);

        Refreshes addChanged() {
            return new Refreshes(changed + 1, unchanged, failed);
        }

        Refreshes addUnchanged() {
            return new Refreshes(changed, unchanged + 1, failed);
        }

        Refreshes addFailed() {
            return new Refreshes(changed, unchanged, failed + 1);
        }
    }
}

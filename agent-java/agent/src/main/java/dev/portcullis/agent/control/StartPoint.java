// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.compiler.DecisionIds;
import java.util.Optional;

/**
 * What the store holds when an agent starts.
 *
 * @param newest the newest revision
 * @param before the one whose objects come back, if the newest was never confirmed
 */
public record StartPoint(Manifest newest, Optional<Manifest> before) {
    /**
     * @throws dev.portcullis.agent.store.StoreException if it held something, and none of it is
     *     whole
     */
    public static StartPoint of(Store store) {
        Manifest newest = store.newest().orElse(Manifest.getDefaultInstance());
        return new StartPoint(
                newest, Pending.of(newest).flatMap(pending -> before(store, pending.before())));
    }

    private static Optional<Manifest> before(Store store, long revision) {
        return revision == 0
                ? Optional.of(Manifest.getDefaultInstance())
                : store.revision(revision);
    }

    /** Whether the newest was not confirmed in time, so that the one before is in force. */
    boolean isTooLate() {
        return before.isPresent() && Pending.of(newest).filter(Pending::isOver).isPresent();
    }

    /** The numbers that the kernel's counters are known by. */
    public DecisionIds decisions() {
        DecisionIds ofNewest = decisions(newest);
        return isTooLate() ? decisions(before.orElseThrow()).keeping(ofNewest) : ofNewest;
    }

    static DecisionIds decisions(Manifest manifest) {
        return DecisionIds.fromBytes(manifest.getDecisions().toByteArray());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.Plan;
import java.time.Instant;
import java.util.Optional;

/**
 * What a transaction did, or would do.
 *
 * @param revision the one that is current now
 * @param confirmBy until when it has to be confirmed, if it has to be
 */
public record Outcome(long revision, Plan plan, Optional<Instant> confirmBy) {
    Outcome(long revision, Plan plan) {
        this(revision, plan, Optional.empty());
    }
}

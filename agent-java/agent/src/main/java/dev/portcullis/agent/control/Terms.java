// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.Session;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a change is tied to.
 *
 * @param expectedRevision what has to be current
 * @param dryRun whether to check and plan only
 * @param force whether it may cut the connection that it comes by, and sessions of SSH
 * @param confirmWithin how long it stays unless it is confirmed
 * @param connection the one that it comes by, if that is over the network
 */
public record Terms(
        OptionalLong expectedRevision,
        boolean dryRun,
        boolean force,
        Optional<Duration> confirmWithin,
        Optional<Session> connection) {
    /** Tied to nothing. */
    public static final Terms NONE =
            new Terms(OptionalLong.empty(), false, false, Optional.empty(), Optional.empty());
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.time.Instant;

/** Nanoseconds since it was made: never negative, never set back. */
final class Clock {
    private final long start = System.nanoTime();
    private final Instant startOfDay = Instant.now();

    long now() {
        return System.nanoTime() - start;
    }

    /** The time of day of a time on this clock. */
    Instant instant(long time) {
        return startOfDay.plusNanos(time);
    }

    /** The time on this clock of a time of day, which may be before it was made. */
    long at(Instant instant) {
        return Duration.between(startOfDay, instant).toNanos();
    }
}

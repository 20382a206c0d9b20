// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.time.Instant;

/**
 * The kernel programs' clock, CLOCK_MONOTONIC, which System.nanoTime reads on Linux.
 *
 * @param started nanoseconds from 1970 to its zero, as the host's clock has it at the moment
 */
record KernelClock(long started) {
    private static final long SECOND = 1_000_000_000;

    static KernelClock now() {
        Instant now = Instant.now();
        return new KernelClock(now.getEpochSecond() * SECOND + now.getNano() - System.nanoTime());
    }

    Instant instant(long nanos) {
        return Instant.ofEpochSecond(0, started + nanos);
    }

    /** The nearest second to a time of {@link MatchTimes} that is not never. */
    int epochSecond(int time) {
        long nanos = started + ((long) time << KernelLayout.TIME_SHIFT);
        return (int) Math.floorDiv(nanos + SECOND / 2, SECOND);
    }

    /** The nearest time of {@link MatchTimes} to a second, as an unsigned number. */
    int time(int epochSecond) {
        long nanos = Integer.toUnsignedLong(epochSecond) * SECOND - started;
        long half = 1L << (KernelLayout.TIME_SHIFT - 1);
        int time = (int) ((nanos + half) >> KernelLayout.TIME_SHIFT);
        return time == MatchTimes.NEVER ? -1 : time;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A moment on CLOCK_BOOTTIME, which the kernel programs compare without an agent: it goes on while
 * the host sleeps, is not set by anybody, and begins anew with each boot.
 *
 * @param units of 2^20 nanoseconds, about a millisecond, since the boot
 */
public record Deadline(long units) {
    /** Of hundredths of a second since the boot (proc_uptime in the manual's section 5). */
    private static final Path UPTIME = Path.of("/proc/uptime");

    private static final long NANOS_PER_HUNDREDTH = 10_000_000;

    /** So much later than now. */
    public static Deadline in(Duration time) {
        return new Deadline((now() + time.toNanos()) >> KernelLayout.LIVE_TIME_SHIFT);
    }

    /** To a hundredth of a second; zero or less once it has passed. */
    public Duration left() {
        return Duration.ofNanos((units << KernelLayout.LIVE_TIME_SHIFT) - now());
    }

    /** Whether the kernel programs take it for passed, up to a hundredth of a second before. */
    public boolean hasPassed() {
        return left().toNanos() < NANOS_PER_HUNDREDTH;
    }

    private static long now() {
        try {
            String uptime = Files.readString(UPTIME);
            String seconds = uptime.substring(0, uptime.indexOf(' '));
            return Long.parseLong(seconds.replace(".", "")) * NANOS_PER_HUNDREDTH;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

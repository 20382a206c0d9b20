// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.Unconfirmed;
import dev.portcullis.dataplane.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * That a revision goes unless it is confirmed.
 *
 * @param before the revision whose objects come back
 * @param boot what the deadline is of; a host that was started anew did not confirm
 * @param until the deadline by the host's clock
 */
public record Pending(long before, String boot, Deadline deadline, Instant until) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    static Pending of(long before, Duration time) {
        return new Pending(before, currentBoot(), Deadline.in(time), Instant.now().plus(time));
    }

    static Optional<Pending> of(Manifest manifest) {
        if (!manifest.hasUnconfirmed()) {
            return Optional.empty();
        }
        Unconfirmed message = manifest.getUnconfirmed();
        return Optional.of(
                new Pending(
                        message.getBefore(),
                        message.getBoot(),
                        new Deadline(message.getDeadline()),
                        Times.instant(message.getUntil())));
    }

    Unconfirmed message() {
        return Unconfirmed.newBuilder()
                .setBefore(before)
                .setBoot(boot)
                .setDeadline(deadline.units())
                .setUntil(Times.timestamp(until))
                .build();
    }

    /** Whether it is too late to confirm. */
    boolean isOver() {
        return !boot.equals(currentBoot()) || deadline.hasPassed();
    }

    private static String currentBoot() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what is to come. */
final class Wait {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private Wait() {}

    static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LONGEST.toSeconds() + " s: " + what);
            }
            Thread.sleep(10);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import java.time.Duration;
import java.time.Instant;

/** Waits for what will be so soon. */
public final class Eventually {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final long PAUSE_MILLIS = 20;

    private Eventually() {}

    /** Runs assertions until they hold, or throws what they say at last. */
    public static void assertThat(Runnable assertions) {
        Instant end = Instant.now().plus(LONGEST);
        while (true) {
            try {
                assertions.run();
                return;
            } catch (AssertionError e) {
                if (Instant.now().isAfter(end)) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

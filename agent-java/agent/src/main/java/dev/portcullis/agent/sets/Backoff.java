// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to ask a server again: after its set's period, or sooner after a failure, at first after 10
 * seconds and then after twice as long each time. A tenth more or less keeps many hosts from asking
 * at the same moment.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 20;
    private static final double SPREAD = 0.1;

    private Backoff() {}

    /**
     * @param failures since it last worked
     */
    static Duration delay(Duration period, int failures) {
        Duration delay = period;
        if (failures > 0) {
            Duration retry = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
            delay = retry.compareTo(period) < 0 ? retry : period;
        }
        double factor = 1 + SPREAD * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofMillis(Math.round((double) delay.toMillis() * factor));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many conversations are known, and for how long.
 *
 * @param capacity those that this host began, and as many that were let in; about 130 bytes each,
 *     taken at load
 * @param timeouts those that are not the standard ones
 */
public record ConversationLimits(int capacity, Map<ConversationTimeout, Duration> timeouts) {
    public static final ConversationLimits DEFAULT = new ConversationLimits(65_536, Map.of());

    /** An LRU map below this size evicts at random. */
    private static final int LEAST_OPENING = 4_096;

    public ConversationLimits {
        timeouts = Map.copyOf(timeouts);
    }

    /** Room for those of which only one side was heard. */
    int opening() {
        return Math.max(LEAST_OPENING, capacity / 4);
    }

    /** Every timeout. */
    public Map<ConversationTimeout, Duration> all() {
        Map<ConversationTimeout, Duration> all = new EnumMap<>(ConversationTimeout.class);
        for (ConversationTimeout timeout : ConversationTimeout.values()) {
            all.put(timeout, timeouts.getOrDefault(timeout, timeout.standard()));
        }
        return all;
    }

    /** In the kernel's unit, never shorter. */
    static int units(Duration duration) {
        return (int) ((duration.toNanos() >> KernelLayout.TIME_SHIFT) + 1);
    }
}

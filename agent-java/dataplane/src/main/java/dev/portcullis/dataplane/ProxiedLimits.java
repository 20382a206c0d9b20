// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.time.Duration;

/**
 * How many connections that balancers send on are known.
 *
 * @param capacity those that were let in; about 170 bytes each, taken at load. As many that are
 *     about to begin are known besides, about 100 bytes each
 * @param keepExisting how long those go on that were there when their header began to be asked for;
 *     zero cuts them
 */
public record ProxiedLimits(int capacity, Duration keepExisting) {
    public static final ProxiedLimits DEFAULT = new ProxiedLimits(65_536, Duration.ofHours(1));

    /** An LRU map below this size evicts at random. */
    private static final int LEAST = 4_096;

    /** Headers of which a part has come: few are so long that one segment does not hold them. */
    int unfinished() {
        return LEAST;
    }

    /** Connections whose header has not come. */
    int opening() {
        return Math.max(LEAST, capacity);
    }
}

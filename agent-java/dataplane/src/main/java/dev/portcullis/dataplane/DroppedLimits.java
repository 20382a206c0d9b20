// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * How many sources of denied packets are counted one by one.
 *
 * @param capacity about 100 bytes each, and 24 for each CPU that there could be, taken at load;
 *     more on hosts of many CPUs
 * @param newPerSecond that begin to be counted, over all CPUs; the time in which others can push
 *     out one that is not heard of is at least half the capacity divided by it
 */
public record DroppedLimits(int capacity, int newPerSecond) {
    public static final DroppedLimits DEFAULT = new DroppedLimits(16_384, 4_000);

    /**
     * Each CPU keeps up to 128 free entries of an LRU map for itself, out of the reach of its order
     * of use.
     */
    private static final int LEAST_PER_CPU = 256;

    /** The size of the map. */
    int entries(int cpus) {
        return Math.max(capacity, LEAST_PER_CPU * cpus);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;

/**
 * How much the kernel's maps hold, and how much the programs do beside judging; that is a second,
 * over all CPUs.
 *
 * @param prefixes entries of each source trie, and of each trie of local addresses; memory is taken
 *     as entries come
 * @param decisions counters, each 16 bytes a CPU, taken at load
 * @param reportsPerSecond reports of drops
 * @param resetsPerSecond denied TCP segments that are answered with RST; others are only dropped
 * @param asksPerSecond questions for the name of an address
 */
public record Limits(
        int prefixes,
        int decisions,
        int reportsPerSecond,
        int resetsPerSecond,
        int asksPerSecond,
        ConversationLimits conversations,
        DroppedLimits dropped,
        ProxiedLimits proxied) {
    public static final Limits DEFAULT = new Limits(1_000_000, 16_384, 1_000);

    /** As many indexes as entries need that are in one policy each, twice, for full tries. */
    private static final int MATCHED_PER_PREFIX = 4;

    /**
     * The standard limits of sources of denied packets, and of connections that balancers send on.
     */
    public Limits(
            int prefixes,
            int decisions,
            int reportsPerSecond,
            int resetsPerSecond,
            int asksPerSecond,
            ConversationLimits conversations) {
        this(
                prefixes,
                decisions,
                reportsPerSecond,
                resetsPerSecond,
                asksPerSecond,
                conversations,
                DroppedLimits.DEFAULT,
                ProxiedLimits.DEFAULT);
    }

    /** Those of conversations, too. */
    public Limits(
            int prefixes,
            int decisions,
            int reportsPerSecond,
            int resetsPerSecond,
            int asksPerSecond) {
        this(
                prefixes,
                decisions,
                reportsPerSecond,
                resetsPerSecond,
                asksPerSecond,
                ConversationLimits.DEFAULT);
    }

    /** A thousand resets and questions a second. */
    public Limits(int prefixes, int decisions, int reportsPerSecond) {
        this(prefixes, decisions, reportsPerSecond, 1_000, 1_000);
    }

    /** The size of the map {@code matched}: whole blocks, 4 bytes an index, taken at load. */
    int matched() {
        long wanted = Math.min(1L << 28, (long) prefixes * MATCHED_PER_PREFIX + 1);
        int block = KernelLayout.TIMES_PER_BLOCK;
        return (int) ((wanted + block - 1) / block) * block;
    }

    /**
     * Writes the kernel's {@code struct settings}.
     *
     * @param cpus each of which has its share
     */
    void write(ByteBuffer settings, int cpus) {
        settings.putInt(KernelLayout.LIMITS_REPORTS, share(reportsPerSecond, cpus));
        settings.putInt(KernelLayout.LIMITS_RESETS, share(resetsPerSecond, cpus));
        settings.putInt(KernelLayout.LIMITS_ASKS, share(asksPerSecond, cpus));
        settings.putInt(KernelLayout.LIMITS_SOURCES, share(dropped.newPerSecond(), cpus));
        conversations
                .all()
                .forEach((timeout, duration) ->
                        settings.putInt(
                                KernelLayout.SETTINGS_TIMEOUTS + timeout.offset(),
                                ConversationLimits.units(duration)));
    }

    /** What one CPU has of a limit; a limit of 0 stays 0. */
    private static int share(int limit, int cpus) {
        return limit == 0 ? 0 : Math.max(1, limit / cpus);
    }
}

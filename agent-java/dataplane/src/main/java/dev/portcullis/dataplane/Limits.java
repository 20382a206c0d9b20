// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * How much the kernel's maps hold.
 *
 * @param prefixes entries of each source trie, and of each trie of local addresses; memory is taken
 *     as entries come
 * @param decisions counters, each 16 bytes a CPU, taken at load
 * @param reportsPerSecond reports of drops a second, over all CPUs
 */
public record Limits(int prefixes, int decisions, int reportsPerSecond) {
    public static final Limits DEFAULT = new Limits(1_000_000, 16_384, 1_000);
}

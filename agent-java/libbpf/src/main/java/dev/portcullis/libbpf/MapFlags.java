// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** Flags for {@link MapOptions#flags}, as in {@code linux/bpf.h}. */
public final class MapFlags {
    /** Entries are allocated when they are made; an LPM trie needs it. */
    public static final int NO_PREALLOC = 1;

    /** An array that {@link BpfMap#mmap} can map. */
    public static final int MMAPABLE = 1 << 10;

    /** An array that may replace one of another size in a map of maps (kernel 5.10). */
    public static final int INNER_MAP = 1 << 12;

    private MapFlags() {}
}

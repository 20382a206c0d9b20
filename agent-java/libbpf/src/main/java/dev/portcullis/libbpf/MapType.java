// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Arrays;

/** The map types of the kernel that have a use here (enum bpf_map_type). */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    ARRAY_OF_MAPS(12),
    HASH_OF_MAPS(13),
    DEVMAP(14),
    CPUMAP(16),
    DEVMAP_HASH(25),
    RINGBUF(27),
    /** Any other type: such a map can be held and pinned, not made. */
    OTHER(0);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static MapType of(int number) {
        return Arrays.stream(values())
                .filter(type -> type.number == number)
                .findFirst()
                .orElse(OTHER);
    }

    /** Whether a look-up gives a value for each possible CPU. */
    public boolean isPerCpu() {
        return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
    }
}

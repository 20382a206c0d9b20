// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;

/**
 * Many entries of a map with one system call, and one by one where the kernel has no batches for
 * the map's type: hashes, arrays and tries have them since 5.6, per-CPU arrays since 5.13.
 */
final class MapBatches {
    private final Natives natives;
    private final BpfMap map;

    /** Asked of the kernel by the first batch, answered for the map's lifetime. */
    private volatile boolean unsupported;

    MapBatches(Natives natives, BpfMap map) {
        this.natives = natives;
        this.map = map;
    }

    void update(ByteBuffer keys, ByteBuffer values, int count) {
        if (count == 0) {
            return;
        }
        CallMemory memory = natives.callMemory();
        long firstKey = memory.first.input(keys);
        long firstValue = memory.second.input(values);
        if (!unsupported) {
            memory.count.putInt(0, count);
            int result =
                    natives.maps.bpf_map_update_batch(
                            map.fd(), firstKey, firstValue, memory.count.address(), 0);
            finish(result, "update", memory.count.getInt(0), count);
        }
        if (unsupported) {
            for (int i = 0; i < count; i++) {
                long key = firstKey + (long) i * map.keySize();
                long value = firstValue + (long) i * map.valueStride();
                int result = natives.maps.bpf_map_update_elem(map.fd(), key, value, 0);
                finish(result, "update", i, count);
            }
        }
        Scratch.keep(keys, values);
    }

    void delete(ByteBuffer keys, int count) {
        if (count == 0) {
            return;
        }
        CallMemory memory = natives.callMemory();
        long first = memory.first.input(keys);
        if (!unsupported) {
            memory.count.putInt(0, count);
            int result =
                    natives.maps.bpf_map_delete_batch(map.fd(), first, memory.count.address(), 0);
            finish(result, "delete", memory.count.getInt(0), count);
        }
        if (unsupported) {
            for (int i = 0; i < count; i++) {
                long key = first + (long) i * map.keySize();
                finish(natives.maps.bpf_map_delete_elem(map.fd(), key), "delete", i, count);
            }
        }
        Memory.keep(keys);
    }

    private void finish(int result, String operation, int done, int count) {
        if (isUnsupported(result) && !unsupported) {
            unsupported = true;
        } else if (result < 0) {
            throw new BpfException(
                    operation + " a batch of",
                    map.toString(),
                    -result,
                    done + " of " + count + " entries were done");
        }
    }

    void forEach(int batchSize, BatchConsumer consumer) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("a batch of " + batchSize + " entries");
        }
        if (!new BatchReader(natives, map, batchSize).forEach(consumer)) {
            new EntryReader(natives, map, batchSize).forEach(consumer);
        }
    }

    static boolean isUnsupported(int result) {
        return result == -Errno.ENOTSUPP.number() || result == -Errno.EOPNOTSUPP.number();
    }
}

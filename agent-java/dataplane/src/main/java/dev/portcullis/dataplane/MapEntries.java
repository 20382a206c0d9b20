// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.BiConsumer;

/**
 * Goes through the entries of a map in batches, by which the kernel does not take them for used;
 * those that come and go meanwhile may be missing or come twice.
 */
final class MapEntries {
    /** A value per CPU is as many bytes as it has there times the CPUs. */
    private static final int BATCH = 512;

    private MapEntries() {}

    /**
     * @param consumer gets a key and its value, which are another's afterwards
     */
    static void forEach(BpfMap map, BiConsumer<ByteBuffer, ByteBuffer> consumer) {
        map.forEachBatch(
                BATCH,
                (keys, values, count) -> {
                    for (int i = 0; i < count; i++) {
                        consumer.accept(
                                part(keys, i, map.keySize()), part(values, i, map.valueStride()));
                    }
                });
    }

    private static ByteBuffer part(ByteBuffer buffer, int index, int size) {
        return buffer.slice(buffer.position() + index * size, size).order(ByteOrder.nativeOrder());
    }

    /** A key to be kept. */
    static ByteBuffer copy(ByteBuffer key) {
        return ByteBuffer.allocate(key.capacity()).put(0, key, 0, key.capacity());
    }
}

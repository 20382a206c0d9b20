// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapFlags;
import dev.portcullis.libbpf.MapOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One slot's inner map of an array: brought up to date by writing the values that differ from what
 * it holds, and replaced by a larger one when it is too small.
 */
final class ArrayTable implements AutoCloseable {
    private final Libbpf libbpf;
    private final BpfMap outer;
    private final int slot;
    private final int valueSize;

    private Optional<BpfMap> inner = Optional.empty();
    private ByteBuffer held = ByteBuffer.allocate(0);

    ArrayTable(Libbpf libbpf, BpfMap outer, int slot, int valueSize) {
        this.libbpf = libbpf;
        this.outer = outer;
        this.slot = slot;
        this.valueSize = valueSize;
    }

    /**
     * Writes.
     *
     * @param values whole values from 0 to its limit
     */
    void write(ByteBuffer values) {
        int count = Math.max(1, values.limit() / valueSize);
        if (inner.isEmpty() || inner.get().maxEntries() < count) {
            replace(Math.max(64, Integer.highestOneBit(count - 1) * 2));
        }
        int end = values.limit() / valueSize;
        for (int from = 0; from < end; ) {
            if (isHeld(values, from)) {
                from++;
                continue;
            }
            int to = from + 1;
            while (to < end && !isHeld(values, to)) {
                to++;
            }
            update(values, from, to);
            from = to;
        }
        held = values;
    }

    private boolean isHeld(ByteBuffer values, int index) {
        int at = index * valueSize;
        return held.limit() >= at + valueSize
                && values.slice(at, valueSize).equals(held.slice(at, valueSize));
    }

    private void update(ByteBuffer values, int from, int to) {
        ByteBuffer keys =
                ByteBuffer.allocate((to - from) * Integer.BYTES).order(ByteOrder.nativeOrder());
        for (int key = from; key < to; key++) {
            keys.putInt(key);
        }
        inner.orElseThrow()
                .updateBatch(
                        keys.flip(),
                        values.slice(from * valueSize, (to - from) * valueSize),
                        to - from);
    }

    private void replace(int capacity) {
        BpfMap larger =
                libbpf.createMap(
                        MapOptions.array(outer.name(), valueSize, capacity)
                                .withFlags(MapFlags.INNER_MAP));
        outer.putInner(slot, larger);
        close();
        inner = Optional.of(larger);
        held = ByteBuffer.allocate(0);
    }

    /** What the map holds is unknown from now on; the next write makes a new one. */
    void forget() {
        close();
        inner = Optional.empty();
    }

    /** Whether the map is where it was put; true if none was. */
    boolean isInPlace() {
        return inner.map(map -> outer.innerId(slot).equals(OptionalInt.of(map.id()))).orElse(true);
    }

    /** Gives the memory back; nothing judges by the slot until it is written anew. */
    void release() {
        outer.delete(Slot.word(slot));
        forget();
    }

    int capacity() {
        return inner.map(BpfMap::maxEntries).orElse(0);
    }

    @Override
    public void close() {
        inner.ifPresent(BpfMap::close);
    }
}

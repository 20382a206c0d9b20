// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapFlags;
import dev.portcullis.libbpf.MapOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One slot's inner map of an array: brought up to date by writing the values that differ from what
 * it holds, and replaced by a larger one when it is too small.
 */
final class ArrayTable implements SlotTable {
    private final Libbpf libbpf;
    private final InnerMap inner;
    private final int valueSize;

    private ByteBuffer held = ByteBuffer.allocate(0);

    ArrayTable(Libbpf libbpf, InnerMap inner, int valueSize) {
        this.libbpf = libbpf;
        this.inner = inner;
        this.valueSize = valueSize;
    }

    /**
     * Writes.
     *
     * @param values whole values from 0 to its limit
     */
    void write(ByteBuffer values) {
        int count = Math.max(1, values.limit() / valueSize);
        if (capacity() < count) {
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
        inner.get()
                .orElseThrow()
                .updateBatch(
                        keys.flip(),
                        values.slice(from * valueSize, (to - from) * valueSize),
                        to - from);
    }

    private void replace(int capacity) {
        inner.put(
                libbpf.createMap(
                        MapOptions.array(inner.name(), valueSize, capacity)
                                .withFlags(MapFlags.INNER_MAP)));
        held = ByteBuffer.allocate(0);
    }

    @Override
    public void forget() {
        inner.forget();
    }

    @Override
    public InnerMap inner() {
        return inner;
    }

    /** Of the map that there is; 0 without one. */
    int capacity() {
        return inner.get().map(BpfMap::maxEntries).orElse(0);
    }
}

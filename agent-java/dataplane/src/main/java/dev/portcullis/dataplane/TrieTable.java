// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapOptions;
import dev.portcullis.policy.model.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One slot's inner map of a longest-prefix-match trie: brought up to date by the difference to what
 * it holds, found in one pass over two sorted tables.
 */
final class TrieTable implements SlotTable {
    private static final int BATCH = 16_384;

    private final Libbpf libbpf;
    private final InnerMap inner;
    private final Family family;
    private final int valueSize;
    private final int capacity;

    private TrieEntries held;

    /**
     * @param valueSize that of {@code struct source} or {@code struct local}
     */
    TrieTable(Libbpf libbpf, InnerMap inner, Family family, int valueSize, int capacity) {
        this.libbpf = libbpf;
        this.inner = inner;
        this.family = family;
        this.valueSize = valueSize;
        this.capacity = capacity;
        this.held = TrieEntries.none(family);
    }

    void write(TrieEntries next) {
        if (inner.get().isEmpty()) {
            create();
        }
        PrefixTable table = next.table();
        PrefixTable before = held.table();
        Batch deletes = new Batch(before.size(), 0);
        Batch updates = new Batch(table.size(), valueSize);
        int old = 0;
        for (int row = 0; row < table.size(); row++) {
            while (old < before.size() && before.compare(old, table, row) < 0) {
                deletes.add(held, old++);
            }
            boolean same = old < before.size() && before.compare(old, table, row) == 0;
            if (!same || !held.sameValue(old, next, row)) {
                updates.add(next, row);
            }
            old += same ? 1 : 0;
        }
        while (old < before.size()) {
            deletes.add(held, old++);
        }
        // Deleting first keeps a full trie within its capacity.
        deletes.flush();
        updates.flush();
        held = next;
    }

    private void create() {
        inner.put(
                libbpf.createMap(
                        MapOptions.lpmTrie(
                                inner.name(),
                                Integer.BYTES + family.bits() / 8,
                                valueSize,
                                capacity)));
        held = TrieEntries.none(family);
    }

    /** What the map holds is unknown from now on; the next write makes a new one. */
    @Override
    public void forget() {
        inner.forget();
        held = TrieEntries.none(family);
    }

    @Override
    public InnerMap inner() {
        return inner;
    }

    /** Keys, with values unless they are to be deleted, on their way to the kernel. */
    private final class Batch {
        private final int room;
        private final ByteBuffer keys;
        private final ByteBuffer values;
        private int count;

        /**
         * @param most how many there can be in all
         * @param valueBytes 0 if they are to be deleted
         */
        Batch(int most, int valueBytes) {
            room = Math.min(most, BATCH);
            keys =
                    ByteBuffer.allocate(room * (Integer.BYTES + family.bits() / 8))
                            .order(ByteOrder.nativeOrder());
            values = ByteBuffer.allocate(room * valueBytes).order(ByteOrder.nativeOrder());
        }

        void add(TrieEntries entries, int row) {
            PrefixTable table = entries.table();
            keys.putInt(table.length(row));
            keys.order(ByteOrder.BIG_ENDIAN);
            if (family == Family.IPV4) {
                keys.putInt((int) table.low(row));
            } else {
                keys.putLong(table.high(row)).putLong(table.low(row));
            }
            keys.order(ByteOrder.nativeOrder());
            if (values.capacity() > 0) {
                entries.putValue(row, valueSize, values);
            }
            if (++count == room) {
                flush();
            }
        }

        void flush() {
            if (count > 0) {
                BpfMap map = inner.get().orElseThrow();
                if (values.capacity() > 0) {
                    map.updateBatch(keys.flip(), values.flip(), count);
                } else {
                    map.deleteBatch(keys.flip(), count);
                }
            }
            keys.clear();
            values.clear();
            count = 0;
        }
    }
}

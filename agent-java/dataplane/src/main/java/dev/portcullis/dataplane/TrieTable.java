// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapOptions;
import dev.portcullis.policy.model.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One slot's inner map of a longest-prefix-match trie: brought up to date by the difference to what
 * it holds, found in one pass over two sorted tables.
 */
final class TrieTable implements AutoCloseable {
    private static final int BATCH = 16_384;

    private final Libbpf libbpf;
    private final BpfMap outer;
    private final int slot;
    private final Family family;
    private final int valueSize;
    private final int capacity;

    private Optional<BpfMap> inner = Optional.empty();
    private TrieEntries held;

    /**
     * @param valueSize that of {@code struct source} or {@code struct local}
     */
    TrieTable(Libbpf libbpf, BpfMap outer, int slot, Family family, int valueSize, int capacity) {
        this.libbpf = libbpf;
        this.outer = outer;
        this.slot = slot;
        this.family = family;
        this.valueSize = valueSize;
        this.capacity = capacity;
        this.held = TrieEntries.none(family);
    }

    void write(TrieEntries next) {
        if (inner.isEmpty()) {
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
        BpfMap trie =
                libbpf.createMap(
                        MapOptions.lpmTrie(
                                outer.name(),
                                Integer.BYTES + family.bits() / 8,
                                valueSize,
                                capacity));
        outer.putInner(slot, trie);
        inner = Optional.of(trie);
        held = TrieEntries.none(family);
    }

    /** Waits until no packet is being judged by what this slot held. */
    void awaitReaders() {
        // An update of an array of maps returns after an RCU grace period (Linux 4.20,
        // maybe_wait_bpf_programs), and packets are judged inside one.
        inner.ifPresent(map -> outer.putInner(slot, map));
    }

    /** What the map holds is unknown from now on; the next write makes a new one. */
    void forget() {
        close();
        inner = Optional.empty();
        held = TrieEntries.none(family);
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

    @Override
    public void close() {
        inner.ifPresent(BpfMap::close);
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
                BpfMap map = inner.orElseThrow();
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

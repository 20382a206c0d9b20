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

/**
 * One slot's inner map of a longest-prefix-match trie: brought up to date by the difference to what
 * it holds, found in one pass over two sorted tables.
 */
final class TrieTable implements AutoCloseable {
    private static final int BATCH = 16_384;

    /** {@code struct source} and {@code struct local} are one number each. */
    private static final int VALUE = Integer.BYTES;

    private final Libbpf libbpf;
    private final BpfMap outer;
    private final int slot;
    private final Family family;
    private final int capacity;

    private Optional<BpfMap> inner = Optional.empty();
    private PrefixTable held;

    TrieTable(Libbpf libbpf, BpfMap outer, int slot, Family family, int capacity) {
        this.libbpf = libbpf;
        this.outer = outer;
        this.slot = slot;
        this.family = family;
        this.capacity = capacity;
        this.held = PrefixTable.empty(family);
    }

    void write(PrefixTable table) {
        if (inner.isEmpty()) {
            create();
        }
        Batch deletes = new Batch(false);
        Batch updates = new Batch(true);
        int old = 0;
        for (int row = 0; row < table.size(); row++) {
            while (old < held.size() && held.compare(old, table, row) < 0) {
                deletes.add(held, old++);
            }
            boolean same = old < held.size() && held.compare(old, table, row) == 0;
            if (!same || held.value(old) != table.value(row)) {
                updates.add(table, row);
            }
            old += same ? 1 : 0;
        }
        while (old < held.size()) {
            deletes.add(held, old++);
        }
        // Deleting first keeps a full trie within its capacity.
        deletes.flush();
        updates.flush();
        held = table;
    }

    private void create() {
        BpfMap trie =
                libbpf.createMap(
                        MapOptions.lpmTrie(
                                outer.name(), Integer.BYTES + family.bits() / 8, VALUE, capacity));
        outer.putInner(slot, trie);
        inner = Optional.of(trie);
        held = PrefixTable.empty(family);
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
        held = PrefixTable.empty(family);
    }

    @Override
    public void close() {
        inner.ifPresent(BpfMap::close);
    }

    /** Keys, with values unless they are to be deleted, on their way to the kernel. */
    private final class Batch {
        private final ByteBuffer keys;
        private final ByteBuffer values;
        private int count;

        Batch(boolean withValues) {
            keys =
                    ByteBuffer.allocateDirect(BATCH * (Integer.BYTES + family.bits() / 8))
                            .order(ByteOrder.nativeOrder());
            values =
                    ByteBuffer.allocateDirect(withValues ? BATCH * VALUE : 0)
                            .order(ByteOrder.nativeOrder());
        }

        void add(PrefixTable table, int row) {
            keys.putInt(table.length(row));
            keys.order(ByteOrder.BIG_ENDIAN);
            if (family == Family.IPV4) {
                keys.putInt((int) table.low(row));
            } else {
                keys.putLong(table.high(row)).putLong(table.low(row));
            }
            keys.order(ByteOrder.nativeOrder());
            if (values.capacity() > 0) {
                values.putInt(table.value(row));
            }
            if (++count == BATCH) {
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

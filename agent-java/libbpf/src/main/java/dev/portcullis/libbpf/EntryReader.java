// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/** Reads a map of a type without batches key by key, and hands the entries out in batches. */
final class EntryReader {
    private final Natives natives;
    private final BpfMap map;
    private final int capacity;
    private final Memory keys;
    private final Memory values;
    private final Memory previous;
    private final Memory next;

    EntryReader(Natives natives, BpfMap map, int batchSize) {
        this.natives = natives;
        this.map = map;
        capacity = batchSize;
        keys = new Memory(natives, Math.multiplyExact(capacity, map.keySize()));
        values = new Memory(natives, Math.multiplyExact(capacity, map.valueStride()));
        previous = new Memory(natives, map.keySize());
        next = new Memory(natives, map.keySize());
    }

    void forEach(BatchConsumer consumer) {
        int read = 0;
        for (boolean more = advance(0); more; more = advance(previous.address())) {
            previous.bytes().put(0, next.bytes(), 0, map.keySize());
            if (lookup(read)) {
                keys.bytes().put(read * map.keySize(), next.bytes(), 0, map.keySize());
                read++;
            }
            if (read == capacity) {
                deliver(consumer, read);
                read = 0;
            }
        }
        if (read > 0) {
            deliver(consumer, read);
        }
    }

    private boolean advance(long from) {
        int result = natives.maps.bpf_map_get_next_key(map.fd(), from, next.address());
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        natives.check(result, "walk the keys of", map);
        return true;
    }

    /** Returns false if the entry has gone since its key was seen, or an array's slot is empty. */
    private boolean lookup(int index) {
        long value = values.address() + (long) index * map.valueStride();
        int result = natives.maps.bpf_map_lookup_elem(map.fd(), next.address(), value);
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        natives.check(result, "look up an entry of", map);
        return true;
    }

    private void deliver(BatchConsumer consumer, int read) {
        consumer.accept(
                keys.elements(read, map.keySize()), values.elements(read, map.valueStride()), read);
    }
}

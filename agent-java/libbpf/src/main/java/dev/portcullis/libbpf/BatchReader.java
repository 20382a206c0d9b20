// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

/**
 * Reads a map with the kernel's batches. The kernel hands out a cursor with each batch, which for a
 * hash is the number of a bucket and for other types a key. It ends the last batch, which may hold
 * entries, with ENOENT. A hash's bucket that doesn't fit is ENOSPC, and asks for more room. A key
 * that vanishes between two steps is EINTR up to kernel 6.13: the batch is cut short there.
 */
final class BatchReader {
    private static final int MAX_STALLS = 1000;

    private final Natives natives;
    private final BpfMap map;
    private final Memory count;
    private Memory previous;
    private Memory next;
    private Memory keys;
    private Memory values;
    private int capacity;
    private boolean started;

    BatchReader(Natives natives, BpfMap map, int batchSize) {
        this.natives = natives;
        this.map = map;
        count = new Memory(natives, Integer.BYTES);
        int cursorSize = Math.max(Integer.BYTES, map.keySize());
        previous = new Memory(natives, cursorSize);
        next = new Memory(natives, cursorSize);
        capacity = batchSize;
        keys = new Memory(natives, Math.multiplyExact(capacity, map.keySize()));
        values = new Memory(natives, Math.multiplyExact(capacity, map.valueStride()));
    }

    /** Returns false if the kernel has no batches for this map; then nothing was read. */
    boolean forEach(BatchConsumer consumer) {
        int stalls = 0;
        while (true) {
            int result = read();
            if (result == -Errno.ENOSPC.number()) {
                grow();
                continue;
            }
            boolean last = result == -Errno.ENOENT.number();
            boolean interrupted = result == -Errno.EINTR.number() && stalls < MAX_STALLS;
            if (MapBatches.isUnsupported(result)) {
                return false;
            }
            if (!last && !interrupted) {
                natives.check(result, "look up a batch of", map);
            }
            int read = count.getInt(0);
            if (read > 0) {
                deliver(consumer, read);
                stalls = 0;
            } else {
                stalls++;
            }
            if (last) {
                return true;
            }
        }
    }

    private int read() {
        count.putInt(0, capacity);
        int result =
                natives.maps.bpf_map_lookup_batch(
                        map.fd(),
                        started ? previous.address() : 0,
                        next.address(),
                        keys.address(),
                        values.address(),
                        count.address(),
                        0);
        keys.keep();
        values.keep();
        return result;
    }

    private void deliver(BatchConsumer consumer, int read) {
        Memory cursor = previous;
        previous = next;
        next = cursor;
        started = true;
        consumer.accept(
                keys.elements(read, map.keySize()), values.elements(read, map.valueStride()), read);
    }

    private void grow() {
        capacity = Math.multiplyExact(2, capacity);
        keys = new Memory(natives, Math.multiplyExact(capacity, map.keySize()));
        values = new Memory(natives, Math.multiplyExact(capacity, map.valueStride()));
    }
}

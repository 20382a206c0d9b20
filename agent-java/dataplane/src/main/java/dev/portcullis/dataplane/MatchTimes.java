// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The memory of the map {@code matched}, which the kernel programs write to at the same time: a
 * number for each index, of a unit a little over a second. 0 stands for never, and is earlier than
 * all others; numbers below 0 are times before the host was started.
 */
final class MatchTimes {
    static final int NEVER = 0;

    private static final VarHandle INTS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    private MatchTimes(ByteBuffer memory) {
        this.memory = memory;
    }

    /** Empty if the map is one of another shape. */
    static Optional<MatchTimes> of(BpfMap map) {
        if (map.valueSize() != KernelLayout.TIMES_PER_BLOCK * Integer.BYTES) {
            return Optional.empty();
        }
        return map.mmap().map(MatchTimes::new);
    }

    /** Indexes, of which 0 is never used. */
    int capacity() {
        return memory.capacity() / Integer.BYTES;
    }

    int get(int index) {
        return (int) INTS.getVolatile(memory, index * Integer.BYTES);
    }

    void clear(int index) {
        INTS.setVolatile(memory, index * Integer.BYTES, NEVER);
    }

    /** Sets a time unless there is a later one. */
    void raise(int index, int time) {
        int at = index * Integer.BYTES;
        int before = (int) INTS.getVolatile(memory, at);
        while (latest(before, time) != before) {
            int seen = (int) INTS.compareAndExchange(memory, at, before, time);
            if (seen == before) {
                return;
            }
            before = seen;
        }
    }

    static int latest(int one, int other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return Math.max(one, other);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/**
 * One thread's native memory for a buffer of the heap that takes part in a call. It is used again
 * by the next call, because a look-up must not cost an allocation; what a large batch needed isn't
 * kept.
 */
final class Scratch {
    private static final int SMALLEST = 256;
    private static final int LARGEST_KEPT = 1 << 20;

    private final Natives natives;
    private Memory memory;

    Scratch(Natives natives) {
        this.natives = natives;
        memory = new Memory(natives, SMALLEST);
    }

    /** Room for {@code size} bytes, of whatever content; there until the next use. */
    Memory room(int size) {
        if (memory.size() < size || memory.size() > LARGEST_KEPT) {
            memory = new Memory(natives, Math.max(size, SMALLEST));
        }
        return memory;
    }

    /** Where native code can read the buffer; to be followed by {@link #keep}. */
    long input(ByteBuffer data) {
        if (data.isDirect()) {
            return natives.address(data);
        }
        Memory room = room(data.remaining());
        room.bytes().put(0, data, data.position(), data.remaining());
        return room.address();
    }

    /** Where native code can write the buffer's content, which {@link #fill} then hands over. */
    long output(ByteBuffer data) {
        if (data.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        return data.isDirect() ? natives.address(data) : room(data.remaining()).address();
    }

    /** Ends a call that wrote to {@link #output}. */
    void fill(ByteBuffer data) {
        if (!data.isDirect()) {
            data.put(data.position(), memory.bytes(), 0, data.remaining());
        }
    }

    /** Keeps buffers until here, so that native code could use where they are. */
    static void keep(ByteBuffer one, ByteBuffer other) {
        Memory.keep(one);
        Memory.keep(other);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Zeroed native memory that a call reads and writes: a structure, a string, an array. It is there
 * as long as this object is reachable, so a caller ends with {@link #keep}.
 */
final class Memory {
    private final ByteBuffer bytes;
    private final long address;

    Memory(Natives natives, int size) {
        bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        address = natives.address(bytes);
    }

    static Memory of(Natives natives, byte[] content) {
        Memory memory = new Memory(natives, content.length);
        memory.bytes.put(0, content);
        return memory;
    }

    static Memory string(Natives natives, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(natives, utf8.length + 1);
        memory.bytes.put(0, utf8);
        return memory;
    }

    long address() {
        return address;
    }

    int size() {
        return bytes.capacity();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** The first {@code count} elements of {@code size} bytes. */
    ByteBuffer elements(int count, int size) {
        return bytes.slice(0, count * size).order(ByteOrder.nativeOrder());
    }

    int getInt(int offset) {
        return bytes.getInt(offset);
    }

    long getLong(int offset) {
        return bytes.getLong(offset);
    }

    Memory putInt(int offset, int value) {
        bytes.putInt(offset, value);
        return this;
    }

    Memory putLong(int offset, long value) {
        bytes.putLong(offset, value);
        return this;
    }

    /** The NUL-terminated string in the field of {@code length} bytes at {@code offset}. */
    String getString(int offset, int length) {
        byte[] field = new byte[length];
        bytes.get(offset, field);
        int end = 0;
        while (end < length && field[end] != 0) {
            end++;
        }
        return new String(field, 0, end, StandardCharsets.UTF_8);
    }

    /** Keeps the memory until here. */
    void keep() {
        keep(bytes);
    }

    /** Keeps what owns memory from being freed until here. */
    @SuppressWarnings("ReachabilityFenceUsage") // After an exception nobody uses the memory.
    static void keep(ByteBuffer buffer) {
        Reference.reachabilityFence(buffer);
    }
}

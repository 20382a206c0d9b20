// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A table of small numbers as the values of an array map: cache lines of {@code perBlock} numbers,
 * each {@code width} bytes.
 */
record Blocks(ImmutableIntArray numbers, int perBlock, int width) {
    static Blocks ports(ImmutableIntArray numbers) {
        return new Blocks(numbers, KernelLayout.PORTS_PER_BLOCK, Character.BYTES);
    }

    static Blocks cells(ImmutableIntArray numbers) {
        return new Blocks(numbers, KernelLayout.CELLS_PER_BLOCK, Integer.BYTES);
    }

    static Blocks verdicts(ImmutableIntArray numbers) {
        return new Blocks(numbers, KernelLayout.VERDICTS_PER_BLOCK, Integer.BYTES);
    }

    int count() {
        return (numbers.length() + perBlock - 1) / perBlock;
    }

    int bytes() {
        return perBlock * width;
    }

    /** The values of all blocks, one after the other. */
    ByteBuffer encode() {
        ByteBuffer values =
                ByteBuffer.allocateDirect(count() * bytes()).order(ByteOrder.nativeOrder());
        for (int i = 0; i < numbers.length(); i++) {
            if (width == Character.BYTES) {
                values.putShort((short) numbers.get(i));
            } else {
                values.putInt(numbers.get(i));
            }
        }
        return values.clear();
    }
}

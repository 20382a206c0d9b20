// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.compiler.Image;
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

    /** Cells with what the image has in rows; the kernel is to look into one table less. */
    static Blocks cells(Image image) {
        ImmutableIntArray.Builder numbers = ImmutableIntArray.builder(2 * image.cells().length());
        int rowColumns = image.columns() - KernelLayout.ANY_PORT_COLUMNS;
        for (int i = 0; i < image.cells().length(); i++) {
            int cell = image.cells().get(i);
            if (i % image.columns() >= rowColumns) {
                numbers.add(cell).add(0);
            } else if (cell == 0) {
                numbers.add(KernelLayout.DECISION_NO_RESOURCE).add(0);
            } else {
                Image.Row row = image.rows().get(cell);
                numbers.add(row.decision()).add(row.verdicts());
            }
        }
        int perBlock = KernelLayout.CELLS_PER_BLOCK * KernelLayout.CELL_SIZE / Integer.BYTES;
        return new Blocks(numbers.build(), perBlock, Integer.BYTES);
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

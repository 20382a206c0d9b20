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

    /**
     * Cells of both directions with what the image has in rows; the kernel is to look into one
     * table less.
     */
    static Blocks cells(Image image) {
        ImmutableIntArray egress =
                image.egress().map(Image.Egress::cells).orElse(ImmutableIntArray.of());
        ImmutableIntArray.Builder numbers =
                ImmutableIntArray.builder(2 * (image.cells().length() + egress.length()));
        addCells(image, image.cells(), KernelLayout.DECISION_NO_RESOURCE, numbers);
        addCells(
                image,
                egress,
                KernelLayout.DECISION_NO_RESOURCE + KernelLayout.DECISION_EGRESS,
                numbers);
        int perBlock = KernelLayout.CELLS_PER_BLOCK * KernelLayout.CELL_SIZE / Integer.BYTES;
        return new Blocks(numbers.build(), perBlock, Integer.BYTES);
    }

    private static void addCells(
            Image image,
            ImmutableIntArray cells,
            int noResource,
            ImmutableIntArray.Builder numbers) {
        int rowColumns = image.columns() - KernelLayout.ANY_PORT_COLUMNS;
        for (int i = 0; i < cells.length(); i++) {
            int cell = cells.get(i);
            int note = (cell & Image.NOTE) == 0 ? 0 : KernelLayout.DECISION_NOTE;
            if (i % image.columns() >= rowColumns) {
                numbers.add(cell).add(0);
            } else if ((cell & Image.ROW) == 0) {
                numbers.add(noResource | note).add(0);
            } else {
                Image.Row row = image.rows().get(cell & Image.ROW);
                numbers.add(row.decision() | note).add(row.verdicts());
            }
        }
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
        ByteBuffer values = ByteBuffer.allocate(count() * bytes()).order(ByteOrder.nativeOrder());
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

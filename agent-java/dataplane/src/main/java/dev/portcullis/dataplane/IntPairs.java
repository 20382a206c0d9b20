// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Arrays;

/** Pairs of numbers in the order in which they were added. */
final class IntPairs {
    /** Takes a pair. */
    @FunctionalInterface
    interface PairConsumer {
        void accept(int first, int second);
    }

    private int[] numbers = new int[16];
    private int count;

    void add(int first, int second) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = first;
        numbers[count++] = second;
    }

    void forEach(PairConsumer consumer) {
        for (int i = 0; i < count; i += 2) {
            consumer.accept(numbers[i], numbers[i + 1]);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Chances, from one seed. */
final class Draw {
    private final SplittableRandom random;

    Draw(long seed) {
        this.random = new SplittableRandom(seed);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** From {@code least} to {@code most}, both included. */
    int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    long anyLong() {
        return random.nextLong();
    }

    <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    int oneOf(int... values) {
        return values[random.nextInt(values.length)];
    }

    <T> List<T> times(int least, int most, Supplier<T> one) {
        int count = between(least, most);
        List<T> many = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            many.add(one.get());
        }
        return many;
    }

    /** Some of the values, each at most once, in any order. */
    <T> List<T> someOf(List<T> values, int least, int most) {
        List<T> left = new ArrayList<>(values);
        List<T> some = new ArrayList<>();
        int count = Math.min(between(least, most), values.size());
        while (some.size() < count) {
            some.add(left.remove(random.nextInt(left.size())));
        }
        return some;
    }
}

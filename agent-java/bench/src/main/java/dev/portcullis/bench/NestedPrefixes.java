// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prefixes of both families, for many lists: of four, two are new, one is inside one that was drawn
 * before, and one is the same as one that was drawn before.
 */
final class NestedPrefixes {
    private final SplittableRandom random = new SplittableRandom(20_26);
    private final List<Prefix> drawn = new ArrayList<>();

    List<Prefix> some(int count) {
        List<Prefix> some = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Prefix next = next(random.nextInt(4));
            drawn.add(next);
            some.add(next);
        }
        return some;
    }

    private Prefix next(int kind) {
        if (drawn.isEmpty() || kind < 2) {
            Family family = random.nextBoolean() ? Family.IPV4 : Family.IPV6;
            int length = family == Family.IPV4 ? random.nextInt(18, 33) : random.nextInt(32, 65);
            return Prefix.of(anyIn(Prefix.all(family)), length);
        }
        Prefix earlier = drawn.get(random.nextInt(drawn.size()));
        if (kind == 3) {
            return earlier;
        }
        int longest = earlier.family() == Family.IPV4 ? 32 : Math.max(64, earlier.length());
        return Prefix.of(anyIn(earlier), random.nextInt(earlier.length(), longest + 1));
    }

    private Address anyIn(Prefix prefix) {
        Address network = prefix.network();
        long high = random.nextLong();
        long low = random.nextLong();
        if (prefix.family() == Family.IPV4) {
            return new Address(Family.IPV4, 0, network.low() | (low & hosts(32 - prefix.length())));
        }
        int length = prefix.length();
        return new Address(
                Family.IPV6,
                network.high() | (high & hosts(64 - length)),
                network.low() | (low & hosts(128 - length)));
    }

    /** A word whose last {@code count} bits are set, of 64; all or none outside that range. */
    private static long hosts(int count) {
        return count <= 0 ? 0 : count >= 64 ? -1L : (1L << count) - 1;
    }
}

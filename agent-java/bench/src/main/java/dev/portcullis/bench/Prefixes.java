// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prefixes as published lists have them, mostly /24 and longer, in one half of the address space;
 * the other half is for sources that none of them holds.
 */
final class Prefixes {
    private final SplittableRandom random = new SplittableRandom(20_26);
    private final Family family;

    Prefixes(Family family) {
        this.family = family;
    }

    List<Prefix> some(int count) {
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = family == Family.IPV4 ? 16 + random.nextInt(17) : 32 + random.nextInt(33);
            prefixes.add(Prefix.of(address(false), length));
        }
        return prefixes;
    }

    /** An address that no prefix holds, or one that may be held. */
    Address address(boolean outside) {
        if (family == Family.IPV4) {
            long low = random.nextLong(1L << 31);
            return new Address(family, 0, outside ? low | 1L << 31 : low);
        }
        long high = random.nextLong() >>> 1;
        return new Address(family, outside ? high | Long.MIN_VALUE : high, random.nextLong());
    }

    /** An address inside a prefix. */
    Address inside(Prefix prefix) {
        if (family == Family.IPV4) {
            long hosts = (1L << (32 - prefix.length())) - 1;
            return new Address(family, 0, prefix.network().low() | (random.nextLong() & hosts));
        }
        return new Address(family, prefix.network().high(), random.nextLong());
    }
}

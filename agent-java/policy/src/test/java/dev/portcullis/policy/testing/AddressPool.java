// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses and prefixes of both families around a few base addresses, so that they overlap, nest
 * and repeat; and addresses at the edges of the prefixes that were drawn.
 */
public final class AddressPool {
    private static final List<Address> IPV4 =
            parse(
                    "0.0.0.0",
                    "10.0.0.0",
                    "10.0.0.1",
                    "10.0.127.255",
                    "10.128.0.0",
                    "127.255.255.255",
                    "192.0.2.255",
                    "203.0.113.77",
                    "224.0.0.1",
                    "255.255.255.255");

    private static final List<Address> IPV6 =
            parse(
                    "::",
                    "::1",
                    "2001:db8::",
                    "2001:db8::1",
                    "2001:db8::ffff:ffff:ffff:ffff",
                    "2001:db8:0:1::",
                    "2001:db8:8000::",
                    "fe80::1",
                    "ff02::1",
                    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    private static final int[] LENGTHS_IPV4 = {0, 1, 4, 7, 8, 9, 15, 16, 17, 24, 30, 31, 32, 32};
    private static final int[] LENGTHS_IPV6 = {
        0, 1, 3, 16, 32, 33, 48, 63, 64, 65, 96, 112, 126, 127, 128, 128
    };

    private final Draw draw;
    private final List<Prefix> drawn = new ArrayList<>();

    AddressPool(Draw draw) {
        this.draw = draw;
    }

    private static List<Address> parse(String... texts) {
        return List.of(texts).stream().map(Address::parse).toList();
    }

    Family family() {
        return draw.chance(50) ? Family.IPV4 : Family.IPV6;
    }

    /** One of the base addresses, at times with one bit flipped. */
    Address address(Family family) {
        Address base = draw.oneOf(family == Family.IPV4 ? IPV4 : IPV6);
        if (draw.chance(75)) {
            return base;
        }
        return address(family, number(base).flipBit(draw.between(0, family.bits() - 1)));
    }

    /** One that was drawn before at times, so that policies share prefixes. */
    Prefix prefix() {
        if (!drawn.isEmpty() && draw.chance(20)) {
            return draw.oneOf(drawn);
        }
        Family family = family();
        int[] lengths = family == Family.IPV4 ? LENGTHS_IPV4 : LENGTHS_IPV6;
        int length = draw.chance(80) ? draw.oneOf(lengths) : draw.between(0, family.bits());
        Prefix prefix = Prefix.of(address(family), length);
        drawn.add(prefix);
        return prefix;
    }

    /** At an edge of a prefix, beyond it, anywhere in it, or anywhere. */
    Address near(List<Prefix> prefixes, Family family) {
        List<Prefix> ofFamily = prefixes.stream().filter(p -> p.family() == family).toList();
        if (ofFamily.isEmpty() || draw.chance(10)) {
            return address(family);
        }
        Prefix prefix = draw.oneOf(ofFamily);
        List<Address> edges = edges(prefix);
        return switch (draw.between(0, 5)) {
            case 0, 1 -> edges.get(0);
            case 2 -> edges.get(1);
            case 3 -> edges.get(2);
            case 4 -> edges.get(3);
            default -> address(family, number(prefix.network()).add(anyNumber().mod(size(prefix))));
        };
    }

    /**
     * The first and the last address of a prefix, the one before the first and the one after the
     * last.
     */
    public static List<Address> edges(Prefix prefix) {
        BigInteger first = number(prefix.network());
        BigInteger last = first.add(size(prefix)).subtract(BigInteger.ONE);
        return Stream.of(first, last, first.subtract(BigInteger.ONE), last.add(BigInteger.ONE))
                .map(number -> address(prefix.family(), number))
                .toList();
    }

    private static BigInteger size(Prefix prefix) {
        return BigInteger.ONE.shiftLeft(prefix.family().bits() - prefix.length());
    }

    private BigInteger anyNumber() {
        return new BigInteger(1, new Address(Family.IPV6, draw.anyLong(), draw.anyLong()).bytes());
    }

    private static BigInteger number(Address address) {
        return new BigInteger(1, address.bytes());
    }

    /** Wraps around at both ends. */
    private static Address address(Family family, BigInteger number) {
        BigInteger wrapped = number.mod(BigInteger.ONE.shiftLeft(family.bits()));
        long low = wrapped.longValue();
        return family == Family.IPV4
                ? new Address(family, 0, low)
                : new Address(family, wrapped.shiftRight(64).longValue(), low);
    }
}

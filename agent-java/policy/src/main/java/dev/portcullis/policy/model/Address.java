// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An IP address as a number of {@link Family#bits()} bits.
 *
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address; the 32 bits of an IPv4 address, zero-extended
 */
public record Address(Family family, long high, long low) {
    public Address {
        if (family == Family.IPV4 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
    }

    /**
     * Reads an address from text without asking DNS. IPv4-mapped IPv6 text means the IPv4 address.
     *
     * @throws IllegalArgumentException if the text is not an IP address
     */
    public static Address parse(String text) {
        if (text.indexOf('%') >= 0) {
            throw new IllegalArgumentException("'" + text + "' has a zone");
        }
        return of(InetAddresses.forString(text));
    }

    public static Address of(InetAddress address) {
        return ofBytes(address.getAddress());
    }

    /**
     * @param bytes 4 or 16 bytes in network order; IPv4-mapped IPv6 stays IPv6, as on the wire
     */
    public static Address ofBytes(byte[] bytes) {
        if (bytes.length == 4) {
            return new Address(Family.IPV4, 0, number(bytes, 0, 4));
        }
        if (bytes.length == 16) {
            return new Address(Family.IPV6, number(bytes, 0, 8), number(bytes, 8, 8));
        }
        throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length);
    }

    private static long number(byte[] bytes, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            number = (number << 8) | (bytes[i] & 0xff);
        }
        return number;
    }

    /** 4 or 16 bytes in network order. */
    public byte[] bytes() {
        byte[] bytes = new byte[family.bits() / 8];
        for (int i = 0; i < bytes.length; i++) {
            int shift = family.bits() - 8 * (i + 1);
            bytes[i] = (byte) (shift >= 64 ? high >>> (shift - 64) : low >>> shift);
        }
        return bytes;
    }

    /** The canonical text (RFC 5952 for IPv6). */
    @Override
    public String toString() {
        try {
            return InetAddresses.toAddrString(InetAddress.getByAddress(bytes()));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }
}

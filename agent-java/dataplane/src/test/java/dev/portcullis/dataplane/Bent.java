// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Arrays;

/** Frames that pcap4j would not make: those that it has made, changed. */
final class Bent {
    /**
     * Where an IP header begins in a frame without tags, and what follows an IPv4 or IPv6 header.
     */
    static final int IP = 14;

    static final int AFTER_IPV4 = IP + 20;
    static final int AFTER_IPV6 = IP + 40;

    private Bent() {}

    static byte[] with(byte[] frame, int at, int... octets) {
        byte[] bent = frame.clone();
        for (int i = 0; i < octets.length; i++) {
            bent[at + i] = (byte) octets[i];
        }
        return bent;
    }

    private static byte[] withPair(byte[] frame, int at, int value) {
        return with(frame, at, value >> 8, value);
    }

    /** Cut off, with lengths that still tell of what was there. */
    static byte[] cut(byte[] frame, int length) {
        if (length >= frame.length) {
            throw new IllegalArgumentException("has no more than " + frame.length);
        }
        return Arrays.copyOf(frame, length);
    }

    /** With zeros behind the packet. */
    static byte[] padded(byte[] frame, int bytes) {
        return Arrays.copyOf(frame, frame.length + bytes);
    }

    static byte[] withEthernetType(byte[] frame, int type) {
        return withPair(frame, 12, type);
    }

    static byte[] withVersion(byte[] frame, int version) {
        return with(frame, IP, (version << 4) | (frame[IP] & 0x0f));
    }

    /** IPv4, in words of 4 bytes. */
    static byte[] withHeaderLength(byte[] frame, int words) {
        return with(frame, IP, 0x40 | words);
    }

    /** IPv4. */
    static byte[] withTotalLength(byte[] frame, int bytes) {
        return withPair(frame, IP + 2, bytes);
    }

    /** IPv4: three bits, and the offset in units of 8 bytes. */
    static byte[] withFlagsAndOffset(byte[] frame, int value) {
        return withPair(frame, IP + 6, value);
    }

    /** IPv6. */
    static byte[] withPayloadLength(byte[] frame, int bytes) {
        return withPair(frame, IP + 4, bytes);
    }

    /** IPv6: what the first header is. */
    static byte[] withNextHeader(byte[] frame, int protocol) {
        return with(frame, IP + 6, protocol);
    }

    /** Of the first IPv6 extension header. */
    static byte[] withExtensionLength(byte[] frame, int units) {
        return with(frame, AFTER_IPV6 + 1, units);
    }

    /** TCP, in words of 4 bytes, of a segment that begins at a place. */
    static byte[] withDataOffset(byte[] frame, int segment, int words) {
        return with(frame, segment + 12, words << 4);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Does to frames what broken and hostile senders do: flips bits, cuts, lies about lengths and about
 * what comes next. Much of what comes out can still be read, as something else.
 */
final class Damage {
    /** No test run takes less. */
    private static final int ETHERNET_HEADER = 14;

    private static final int[] TYPES = {0x0800, 0x86dd, 0x8100, 0x88a8, 0x0806, 0x88cc, 0x05dc};

    /** Extension headers, those that have ports, ICMP of both families, and some more. */
    private static final int[] PROTOCOLS = {
        0, 43, 44, 51, 60, 44, 60, 6, 6, 17, 132, 1, 58, 58, 50, 59, 47, 4, 41, 135, 255
    };

    private static final int[] ICMP_TYPES = {
        1, 2, 3, 4, 5, 8, 11, 12, 128, 130, 133, 136, 137, 143
    };

    private final SplittableRandom random;

    Damage(SplittableRandom random) {
        this.random = random;
    }

    byte[] damaged(byte[] sound) {
        byte[] frame = sound.clone();
        do {
            frame = once(frame);
        } while (random.nextInt(3) == 0);
        return frame;
    }

    /** A test run at egress takes no IP header that is cut short. */
    static boolean isTakenAtEgress(byte[] frame) {
        int least =
                switch (type(frame, ETHERNET_HEADER)) {
                    case 0x0800 -> 20;
                    case 0x86dd -> 40;
                    default -> 1;
                };
        return frame.length >= ETHERNET_HEADER + least;
    }

    private byte[] once(byte[] frame) {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> flipped(frame, random.nextInt(1, 5));
            case 3 -> overwritten(frame);
            case 4 -> Arrays.copyOf(frame, random.nextInt(ETHERNET_HEADER, frame.length + 1));
            case 5 -> withLength(frame);
            case 6 -> with(frame, ip(frame), random.nextInt(16) | version(frame) << 4);
            case 7 -> with(frame, ip(frame) + protocolAt(frame), oneOf(PROTOCOLS));
            case 8 -> withFragment(frame);
            case 9 -> withIcmp(frame);
            case 10 -> retagged(frame);
            default -> nonsense(frame);
        };
    }

    private static boolean has(byte[] frame, int at) {
        return at < frame.length;
    }

    private static byte[] with(byte[] frame, int at, int value) {
        if (has(frame, at)) {
            frame[at] = (byte) value;
        }
        return frame;
    }

    private static byte[] withPair(byte[] frame, int at, int value) {
        return with(with(frame, at, value >> 8), at + 1, value);
    }

    private int oneOf(int[] values) {
        return values[random.nextInt(values.length)];
    }

    private byte[] flipped(byte[] frame, int bits) {
        for (int i = 0; i < bits; i++) {
            // What stands in front of the type is never looked at.
            int at = random.nextInt(12, frame.length);
            frame[at] ^= (byte) (1 << random.nextInt(8));
        }
        return frame;
    }

    private byte[] overwritten(byte[] frame) {
        return with(frame, random.nextInt(12, frame.length), random.nextInt(256));
    }

    /** Where the IP header begins, if the frame has one. */
    private static int ip(byte[] frame) {
        int at = ETHERNET_HEADER;
        while (at + 4 <= frame.length && (type(frame, at) == 0x8100 || type(frame, at) == 0x88a8)) {
            at += 4;
        }
        return at;
    }

    /** The one that ends at a place. */
    private static int type(byte[] frame, int end) {
        return ByteBuffer.wrap(frame).getChar(end - 2);
    }

    private static int version(byte[] frame) {
        return type(frame, ip(frame)) == 0x0800 ? 4 : 6;
    }

    private static int protocolAt(byte[] frame) {
        return version(frame) == 4 ? 9 : 6;
    }

    private byte[] withLength(byte[] frame) {
        boolean near = random.nextBoolean();
        int actual = frame.length - ip(frame) - (version(frame) == 4 ? 0 : 40);
        int length = near ? actual + random.nextInt(-24, 4) : random.nextInt(65_536);
        return withPair(frame, ip(frame) + (version(frame) == 4 ? 2 : 4), length);
    }

    /** Makes it a fragment, or something else than it was. */
    private byte[] withFragment(byte[] frame) {
        int flagsAndOffset =
                random.nextInt(8) << 13 | (random.nextBoolean() ? 0 : random.nextInt(9));
        if (version(frame) == 4) {
            return withPair(frame, ip(frame) + 6, flagsAndOffset);
        }
        with(frame, ip(frame) + 6, 44);
        return withPair(frame, ip(frame) + 42, random.nextInt(32));
    }

    private byte[] withIcmp(byte[] frame) {
        with(frame, ip(frame) + protocolAt(frame), version(frame) == 4 ? 1 : 58);
        with(frame, ip(frame) + (version(frame) == 4 ? 8 : 7), random.nextInt(253, 256));
        return with(frame, ip(frame) + (version(frame) == 4 ? 20 : 40), oneOf(ICMP_TYPES));
    }

    /** With a tag more or fewer, or another type. */
    private byte[] retagged(byte[] frame) {
        int ip = ip(frame);
        ByteBuffer whole = ByteBuffer.wrap(frame);
        if (random.nextBoolean()) {
            return withPair(frame, ip - 2, oneOf(TYPES));
        }
        if (random.nextBoolean() && ip > ETHERNET_HEADER) {
            ByteBuffer less = ByteBuffer.allocate(frame.length - 4);
            return less.put(frame, 0, 12).put(frame, 16, frame.length - 16).array();
        }
        ByteBuffer more = ByteBuffer.allocate(frame.length + 4).put(frame, 0, 12);
        more.putShort((short) (random.nextBoolean() ? 0x8100 : 0x88a8));
        more.putShort((short) random.nextInt(65_536));
        return more.put(whole.slice(12, frame.length - 12)).array();
    }

    /** Anything behind the header of Ethernet. */
    private byte[] nonsense(byte[] frame) {
        for (int i = ETHERNET_HEADER; i < frame.length; i++) {
            frame[i] = (byte) random.nextInt(256);
        }
        boolean ipv4 = random.nextBoolean();
        withPair(frame, 12, ipv4 ? 0x0800 : 0x86dd);
        return with(frame, ETHERNET_HEADER, ipv4 ? 0x45 : 0x60);
    }
}

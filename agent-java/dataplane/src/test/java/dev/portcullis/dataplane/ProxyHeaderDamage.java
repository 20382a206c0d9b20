// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Does to headers of PROXY protocol what broken and hostile senders do: flips bits, cuts, lies
 * about lengths. Some get the right checksum after that, so that the rest of them is looked at as
 * well.
 */
final class ProxyHeaderDamage {
    /** What is longer does not get longer by much. */
    private static final int LONG = 4200;

    /** The place of the length field. */
    private static final int LENGTH = 14;

    private static final int TLV_FIXED = 3;

    /** The types whose values are looked at. */
    private static final List<Integer> READ =
            List.of(ProxyHeaders.CHECKSUM, ProxyHeaders.AWS, ProxyHeaders.AZURE, ProxyHeaders.GCP);

    private final SplittableRandom random;

    /**
     * @param from its place in the header
     * @param to that of what follows it
     */
    private record Tlv(int type, int from, int to) {}

    ProxyHeaderDamage(SplittableRandom random) {
        this.random = random;
    }

    /**
     * @param sound at least 16 bytes
     */
    byte[] damaged(byte[] sound) {
        byte[] header = sound.clone();
        do {
            header = once(header);
        } while (header.length >= ProxyHeaders.FIXED && random.nextInt(3) == 0);
        return random.nextInt(3) == 0 ? withRightSum(header) : header;
    }

    private byte[] once(byte[] header) {
        return switch (random.nextInt(11)) {
            case 0, 1 -> flipped(header, random.nextInt(1, 5));
            case 2, 3 -> overwritten(header);
            case 4 -> Arrays.copyOf(header, random.nextInt(header.length));
            case 5 -> longer(header, randomBytes(random.nextInt(1, 9)), place(header));
            case 6 -> withLength(header);
            case 7, 8 -> resized(header);
            default -> duplicated(header);
        };
    }

    private byte[] flipped(byte[] header, int bits) {
        for (int i = 0; i < bits; i++) {
            header[place(header)] ^= (byte) (1 << random.nextInt(8));
        }
        return header;
    }

    private byte[] overwritten(byte[] header) {
        int from = place(header);
        byte[] bytes = randomBytes(Math.min(random.nextInt(1, 5), header.length - from));
        System.arraycopy(bytes, 0, header, from, bytes.length);
        return header;
    }

    /** Anywhere in it, or in its first bytes, or at the beginning of a TLV. */
    private int place(byte[] header) {
        List<Tlv> tlvs = tlvs(header);
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(random.nextInt(4) == 0 ? 0 : 12, ProxyHeaders.FIXED);
            case 1 -> random.nextInt(header.length);
            default ->
                    tlvs.isEmpty()
                            ? random.nextInt(header.length)
                            : oneOf(tlvs).from + random.nextInt(TLV_FIXED);
        };
    }

    /** With more bytes, of which its length knows or not. */
    private byte[] longer(byte[] header, byte[] more, int at) {
        ByteBuffer longer = ByteBuffer.allocate(header.length + more.length);
        longer.put(header, 0, at).put(more).put(header, at, header.length - at);
        return random.nextBoolean()
                ? longer.array()
                : withLength(longer.array(), length(header) + more.length);
    }

    private byte[] withLength(byte[] header) {
        return withLength(
                header,
                switch (random.nextInt(6)) {
                    case 0, 1, 2 -> length(header) + random.nextInt(-8, 9);
                    case 3, 4 -> random.nextInt(header.length);
                    default -> random.nextInt(65_536);
                });
    }

    private byte[] withLength(byte[] header, int length) {
        ByteBuffer.wrap(header).putShort(LENGTH, (short) length);
        return header;
    }

    private byte[] duplicated(byte[] header) {
        List<Tlv> tlvs = tlvs(header);
        if (tlvs.isEmpty() || header.length > LONG) {
            return flipped(header, 1);
        }
        Tlv tlv = oneOf(tlvs);
        byte[] copy = Arrays.copyOfRange(header, tlv.from, tlv.to);
        return longer(header, copy, oneOf(tlvs).to);
    }

    /** With a value that is empty, or has one byte, or a byte more or less than it should. */
    private byte[] resized(byte[] header) {
        List<Tlv> tlvs = tlvs(header);
        if (tlvs.isEmpty()) {
            return flipped(header, 1);
        }
        List<Tlv> read = tlvs.stream().filter(tlv -> READ.contains(tlv.type)).toList();
        Tlv tlv = oneOf(read.isEmpty() ? tlvs : read);
        int old = tlv.to - tlv.from - TLV_FIXED;
        int size =
                switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> 1;
                    case 2 -> Math.max(0, old - 1);
                    default -> old + 1;
                };
        int kept = Math.min(old, size);
        ByteBuffer resized = ByteBuffer.allocate(header.length + size - old);
        resized.put(header, 0, tlv.from + TLV_FIXED + kept).put(randomBytes(size - kept));
        resized.put(header, tlv.to, header.length - tlv.to);
        resized.putShort(tlv.from + 1, (short) size);
        return withLength(resized.array(), length(header) + size - old);
    }

    private static int length(byte[] header) {
        return ByteBuffer.wrap(header).getChar(LENGTH);
    }

    /** If it is there whole and has a checksum. */
    private static byte[] withRightSum(byte[] header) {
        Optional<Tlv> sum =
                tlvs(header).stream()
                        .filter(tlv -> tlv.type == ProxyHeaders.CHECKSUM)
                        .filter(tlv -> tlv.to - tlv.from == TLV_FIXED + 4)
                        .findFirst();
        if (sum.isPresent()) {
            ByteBuffer bytes = ByteBuffer.wrap(header).putInt(sum.get().from + TLV_FIXED, 0);
            byte[] counted = Arrays.copyOf(header, ProxyHeaders.FIXED + length(header));
            bytes.putInt(sum.get().from + TLV_FIXED, ProxyHeaders.sum(counted));
        }
        return header;
    }

    /** Those that it has whole; none if it is cut. */
    private static List<Tlv> tlvs(byte[] header) {
        List<Tlv> tlvs = new ArrayList<>();
        if (header.length < ProxyHeaders.FIXED
                || header.length < ProxyHeaders.FIXED + length(header)) {
            return tlvs;
        }
        int end = ProxyHeaders.FIXED + length(header);
        int at = ProxyHeaders.FIXED + addresses(header[13]);
        while (at + TLV_FIXED <= end) {
            int next = at + TLV_FIXED + ByteBuffer.wrap(header).getChar(at + 1);
            if (next > end) {
                return tlvs;
            }
            tlvs.add(new Tlv(Byte.toUnsignedInt(header[at]), at, next));
            at = next;
        }
        return tlvs;
    }

    private static int addresses(byte family) {
        return switch (family >> 4) {
            case 1 -> 12;
            case 2 -> 36;
            case 3 -> 216;
            default -> 0;
        };
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}

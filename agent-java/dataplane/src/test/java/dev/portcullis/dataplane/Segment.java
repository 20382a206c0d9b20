// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A TCP segment in a frame, to be sent or as it was received.
 *
 * @param tags 802.1Q or 802.1ad, outer first: protocol and control, 16 bits each
 * @param extras bytes of IPv4 options, or of an IPv6 destination-options header: a multiple of 8
 * @param options bytes of TCP options: a multiple of 4
 */
record Segment(
        List<Integer> tags,
        Address source,
        Address destination,
        int extras,
        int hopLimit,
        int sourcePort,
        int destinationPort,
        int sequence,
        int acknowledgement,
        int flags,
        int options,
        int payload) {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    static final byte[] CLIENT = {2, 0, 0, 0, 0, 1};
    static final byte[] SERVER = {2, 0, 0, 0, 0, 2};

    private static final int TCP = 6;
    private static final int DESTINATION_OPTIONS = 60;

    /** A segment from port 40000 to port 9200. */
    static Segment of(String source, String destination, int flags, int sequence, int ack) {
        return new Segment(
                List.of(),
                Address.parse(source),
                Address.parse(destination),
                0,
                57,
                40_000,
                9200,
                sequence,
                ack,
                flags,
                0,
                0);
    }

    Segment withTags(Integer... newTags) {
        return new Segment(
                List.of(newTags),
                source,
                destination,
                extras,
                hopLimit,
                sourcePort,
                destinationPort,
                sequence,
                acknowledgement,
                flags,
                options,
                payload);
    }

    Segment withPorts(int newSource, int newDestination) {
        return new Segment(
                tags,
                source,
                destination,
                extras,
                hopLimit,
                newSource,
                newDestination,
                sequence,
                acknowledgement,
                flags,
                options,
                payload);
    }

    /** Another one of the same connection. */
    Segment at(int newSequence, int newFlags) {
        return new Segment(
                tags,
                source,
                destination,
                extras,
                hopLimit,
                sourcePort,
                destinationPort,
                newSequence,
                acknowledgement,
                newFlags,
                options,
                payload);
    }

    /** With more in its headers, and data. */
    Segment with(int newExtras, int newOptions, int newPayload) {
        return new Segment(
                tags,
                source,
                destination,
                newExtras,
                hopLimit,
                sourcePort,
                destinationPort,
                sequence,
                acknowledgement,
                flags,
                newOptions,
                newPayload);
    }

    private boolean ipv4() {
        return source.family() == Family.IPV4;
    }

    /** The frame, with a payload and options that are not zeros. */
    ByteBuffer frame() {
        int length = 20 + options + payload;
        int header = (ipv4() ? 20 : 40) + extras;
        ByteBuffer frame = ByteBuffer.allocateDirect(14 + 4 * tags.size() + header + length);
        frame.put(SERVER).put(CLIENT);
        tags.forEach(frame::putInt);
        if (ipv4()) {
            frame.putShort((short) 0x0800).put((byte) (0x40 | header / 4)).put((byte) 0);
            frame.putShort((short) (header + length)).putInt(0x1234_4000);
            frame.put((byte) hopLimit).put((byte) TCP).putShort((short) 0);
        } else {
            frame.putShort((short) 0x86dd).putInt(0x6012_3456).putShort((short) (extras + length));
            frame.put((byte) (extras > 0 ? DESTINATION_OPTIONS : TCP)).put((byte) hopLimit);
        }
        frame.put(source.bytes()).put(destination.bytes());
        int at = frame.position();
        frame.put(filled(extras));
        if (!ipv4() && extras > 0) {
            frame.put(at, (byte) TCP).put(at + 1, (byte) (extras / 8 - 1));
        }
        frame.putShort((short) sourcePort).putShort((short) destinationPort);
        frame.putInt(sequence).putInt(acknowledgement);
        frame.put((byte) (((20 + options) / 4) << 4)).put((byte) flags).putShort((short) 0xffff);
        frame.putInt(0).put(filled(options)).put(filled(payload));
        return frame.flip();
    }

    private static byte[] filled(int count) {
        byte[] bytes = new byte[count];
        Arrays.fill(bytes, (byte) 0xa5);
        return bytes;
    }

    /**
     * Reads a frame that has no extension headers.
     *
     * @throws AssertionError if a length or a checksum in it is wrong, or its padding not zero
     */
    static Segment read(ByteBuffer frame) {
        List<Integer> tags = new ArrayList<>();
        int at = 12;
        while (frame.getShort(at) == (short) 0x8100 || frame.getShort(at) == (short) 0x88a8) {
            tags.add(frame.getInt(at));
            at += 4;
        }
        boolean ipv4 = frame.getShort(at) == 0x0800;
        int ip = at + 2;
        int header = ipv4 ? (frame.get(ip) & 0x0f) * 4 : 40;
        int length = ipv4 ? frame.getChar(ip + 2) - header : frame.getChar(ip + 4);
        int tcp = ip + header;
        check(frame.get(ip + (ipv4 ? 9 : 6)) == TCP, "is TCP");
        check(!ipv4 || sum(frame, ip, header) == 0xffff, "checksum of the IPv4 header");
        int addresses = ip + (ipv4 ? 12 : 8);
        int addressBytes = ipv4 ? 4 : 16;
        int pseudo = sum(frame, addresses, 2 * addressBytes) + length + TCP;
        check(fold(pseudo + sum(frame, tcp, length)) == 0xffff, "checksum of TCP");
        check(sum(frame, tcp + length, frame.limit() - tcp - length) == 0, "padding");
        int words = (frame.get(tcp + 12) & 0xf0) >> 4;
        return new Segment(
                tags,
                address(frame, addresses, addressBytes),
                address(frame, addresses + addressBytes, addressBytes),
                header - (ipv4 ? 20 : 40),
                frame.get(ip + (ipv4 ? 8 : 7)),
                frame.getChar(tcp),
                frame.getChar(tcp + 2),
                frame.getInt(tcp + 4),
                frame.getInt(tcp + 8),
                frame.get(tcp + 13),
                words * 4 - 20,
                length - words * 4);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static Address address(ByteBuffer frame, int at, int bytes) {
        byte[] address = new byte[bytes];
        frame.get(at, address);
        return Address.ofBytes(address);
    }

    /** The one's complement sum of 16-bit words, RFC 1071. */
    private static int sum(ByteBuffer frame, int from, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (frame.get(from + i) & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        return fold(sum);
    }

    private static int fold(int sum) {
        int folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }
}

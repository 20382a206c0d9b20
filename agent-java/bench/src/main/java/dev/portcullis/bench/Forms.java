// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.bench;

import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Address;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The same conversation between two hosts in each of the forms that its packets may come in. */
final class Forms {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int TCP_FLAGS = 13;
    private static final int ACK = 0x10;

    private final Address from4;
    private final Address from6;
    private final Address to4;
    private final Address to6;
    private final int fromPort;
    private final int toPort;

    private Forms(
            Address from4, Address from6, Address to4, Address to6, int fromPort, int toPort) {
        this.from4 = from4;
        this.from6 = from6;
        this.to4 = to4;
        this.to6 = to6;
        this.fromPort = fromPort;
        this.toPort = toPort;
    }

    /** From a client to this host's port 9200. */
    static Forms arriving() {
        return new Forms(
                Address.parse("198.51.100.7"),
                Address.parse("2001:db8::7"),
                Address.parse("10.0.0.1"),
                Address.parse("fd00::1"),
                40_000,
                9200);
    }

    /** The same with the sides exchanged. */
    Forms back() {
        return new Forms(to4, to6, from4, from6, toPort, fromPort);
    }

    /** Frames by the name of their form. */
    Map<String, ByteBuffer> frames() {
        Map<String, ByteBuffer> forms = new LinkedHashMap<>();
        ByteBuffer tcp4 = acknowledging(packet(from4, to4, 6), ETHERNET + IPV4);
        ByteBuffer tcp6 = acknowledging(packet(from6, to6, 6), ETHERNET + IPV6);
        forms.put("TCP SYN", packet(from4, to4, 6));
        forms.put("TCP", tcp4);
        forms.put("UDP", packet(from4, to4, 17));
        forms.put("SCTP", packet(from4, to4, 132));
        forms.put("ICMP echo", packet(from4, to4, 1));
        forms.put("protocol 47", packet(from4, to4, 47));
        forms.put("TCP, VLAN", tagged(tcp4, 1));
        forms.put("TCP, QinQ", tagged(tcp4, 2));
        forms.put("TCP, 40 bytes of IPv4 options", optioned(tcp4));
        forms.put("TCP, 9,000 bytes", longer(tcp4, 9_000));
        forms.put("first fragment", fragment(packet(from4, to4, 17), 0x2000));
        forms.put("later fragment", fragment(packet(from4, to4, 17), 0x00b9));
        forms.put("TCP over IPv6", tcp6);
        forms.put("TCP over IPv6, QinQ", tagged(tcp6, 2));
        forms.put("TCP over IPv6, 1 extension header", extended(tcp6, 1));
        forms.put("TCP over IPv6, 8 extension headers", extended(tcp6, 8));
        forms.put("ARP", ByteBuffer.allocate(42).putShort(12, (short) 0x0806));
        return forms;
    }

    private ByteBuffer packet(Address from, Address to, int protocol) {
        return new ProbePacket(from, fromPort, to, toPort, protocol).frame();
    }

    private static ByteBuffer acknowledging(ByteBuffer frame, int transport) {
        return frame.put(transport + TCP_FLAGS, (byte) ACK);
    }

    private static ByteBuffer tagged(ByteBuffer frame, int tags) {
        ByteBuffer tagged = ByteBuffer.allocate(frame.limit() + 4 * tags);
        tagged.put(frame.slice(0, 12));
        for (int i = 0; i < tags; i++) {
            tagged.putInt(0x8100_0064 + i);
        }
        return tagged.put(frame.slice(12, frame.limit() - 12)).flip();
    }

    private static ByteBuffer optioned(ByteBuffer frame) {
        ByteBuffer longer = inserted(frame, ETHERNET + IPV4, new byte[40]);
        longer.put(ETHERNET, (byte) 0x4f);
        return withLength4(longer);
    }

    private static ByteBuffer longer(ByteBuffer frame, int length) {
        return withLength4(inserted(frame, frame.limit(), new byte[length - frame.limit()]));
    }

    private static ByteBuffer withLength4(ByteBuffer frame) {
        return frame.putShort(ETHERNET + 2, (short) (frame.limit() - ETHERNET));
    }

    private static ByteBuffer fragment(ByteBuffer frame, int flagsAndOffset) {
        return frame.putShort(ETHERNET + 6, (short) flagsAndOffset);
    }

    private static ByteBuffer extended(ByteBuffer frame, int headers) {
        byte[] extensions = new byte[8 * headers];
        for (int i = 0; i < headers; i++) {
            extensions[8 * i] = i == headers - 1 ? 6 : (byte) DESTINATION_OPTIONS;
        }
        ByteBuffer extended = inserted(frame, ETHERNET + IPV6, extensions);
        return extended.put(ETHERNET + 6, (byte) DESTINATION_OPTIONS)
                .putShort(ETHERNET + 4, (short) (extended.limit() - ETHERNET - IPV6));
    }

    private static ByteBuffer inserted(ByteBuffer frame, int at, byte[] bytes) {
        ByteBuffer longer = ByteBuffer.allocate(frame.limit() + bytes.length);
        longer.put(frame.slice(0, at)).put(bytes).put(frame.slice(at, frame.limit() - at));
        return longer.flip();
    }
}

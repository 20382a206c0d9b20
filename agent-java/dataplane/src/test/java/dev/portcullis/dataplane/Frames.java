// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes frames of what the reference model judges, each in one of the forms that packets come in:
 * with and without VLAN tags, IPv4 options, IPv6 extension headers and padding; malformed ones in
 * one of the ways of being so.
 */
final class Frames {
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;

    private final SplittableRandom random;

    /** Of datagrams in a run: the kernel remembers those of earlier scenarios. */
    private static final AtomicInteger DATAGRAMS = new AtomicInteger();

    private int datagram;

    Frames(SplittableRandom random) {
        this.random = random;
    }

    byte[] frame(ReferencePacket packet) {
        if (packet instanceof Ip ip && ip.fragment() != Fragment.WHOLE) {
            datagram = DATAGRAMS.incrementAndGet();
        }
        return bytes(frameOf(packet));
    }

    /** A later fragment of the datagram whose first one was the last frame. */
    byte[] next(Ip first) {
        return bytes(frameOf(first.as(Fragment.LATER)));
    }

    private static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    private ByteBuffer frameOf(ReferencePacket packet) {
        ByteBuffer frame = ByteBuffer.allocate(512);
        frame.put(new byte[12]);
        if (packet instanceof NotIp) {
            tags(frame, random.nextInt(3));
            return frame.putShort((short) 0x0806).put(new byte[28]).flip();
        }
        if (packet instanceof Malformed malformed) {
            return malformed(frame, malformed);
        }
        tags(frame, random.nextInt(3));
        ip(frame, (Ip) packet);
        if (random.nextInt(4) == 0) {
            frame.put(new byte[random.nextInt(20)]);
        }
        return frame.flip();
    }

    private void tags(ByteBuffer frame, int count) {
        for (int i = 0; i < count; i++) {
            frame.putShort((short) (random.nextBoolean() ? 0x8100 : 0x88a8))
                    .putShort((short) random.nextInt(65_536));
        }
    }

    private void ip(ByteBuffer frame, Ip packet) {
        byte[] transport = transport(packet);
        if (packet.family() == Family.IPV4) {
            ipv4(frame, packet, transport);
        } else {
            int most = packet.fragment() == Fragment.WHOLE ? 8 : 7;
            ipv6(frame, packet, transport, random.nextInt(3) == 0 ? random.nextInt(most + 1) : 0);
        }
    }

    private void ipv4(ByteBuffer frame, Ip packet, byte[] transport) {
        int header = 20 + 4 * (random.nextInt(3) == 0 ? random.nextInt(11) : 0);
        int start = frame.putShort((short) 0x0800).position();
        frame.put((byte) (0x40 | header / 4))
                .put((byte) 0)
                .putShort((short) (header + transport.length));
        int offset = packet.fragment() == Fragment.LATER ? 1 + random.nextInt(100) : 0;
        boolean more = packet.fragment() == Fragment.FIRST || (offset > 0 && random.nextBoolean());
        frame.putShort((short) datagram).putShort((short) (offset | (more ? 0x2000 : 0)));
        frame.put((byte) packet.hopLimit()).put((byte) packet.protocol()).putShort((short) 0);
        frame.put(packet.source().bytes()).put(packet.destination().bytes());
        frame.position(start + header).put(transport);
    }

    private void ipv6(ByteBuffer frame, Ip packet, byte[] transport, int extensions) {
        int start = frame.putShort((short) 0x86dd).position();
        frame.putInt(0x6000_0000).putShort((short) 0).put((byte) 0).put((byte) packet.hopLimit());
        frame.put(packet.source().bytes()).put(packet.destination().bytes());
        int next = start + 6;
        for (int i = 0; i < extensions; i++) {
            next = extension(frame, next);
        }
        if (packet.fragment() != Fragment.WHOLE || (extensions < 8 && random.nextInt(20) == 0)) {
            int offset = packet.fragment() == Fragment.LATER ? 8 * (1 + random.nextInt(100)) : 0;
            boolean more =
                    packet.fragment() == Fragment.FIRST || (offset > 0 && random.nextBoolean());
            frame.put(next, (byte) FRAGMENT);
            next = frame.position();
            frame.putShort((short) 0).putShort((short) (offset | (more ? 1 : 0))).putInt(datagram);
        }
        frame.put(next, (byte) packet.protocol());
        frame.put(transport);
        frame.putShort(start + 4, (short) (frame.position() - start - 40));
    }

    /** Adds an extension header, and returns where the number of the next one goes. */
    private int extension(ByteBuffer frame, int next) {
        int[] kinds = {HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS, AUTHENTICATION};
        int kind = kinds[random.nextInt(kinds.length)];
        int units = random.nextInt(3);
        frame.put(next, (byte) kind);
        int at = frame.position();
        int bytes = kind == AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8;
        frame.put(at + 1, (byte) units).position(at + bytes);
        return at;
    }

    private byte[] transport(Ip packet) {
        if (packet.fragment() == Fragment.LATER) {
            return bytes(random.nextInt(40));
        }
        boolean first = packet.fragment() == Fragment.FIRST;
        if (packet.ports().isPresent()) {
            int least =
                    switch (packet.protocol()) {
                        case ReferencePacket.TCP -> 20;
                        case ReferencePacket.SCTP -> 12;
                        default -> 8;
                    };
            byte[] transport = bytes(first && least != 20 ? 8 : least + random.nextInt(20));
            ByteBuffer header = ByteBuffer.wrap(transport);
            header.putShort((short) packet.ports().get().source())
                    .putShort((short) packet.ports().get().destination());
            if (packet.protocol() == ReferencePacket.TCP) {
                header.put(12, (byte) 0x50);
                if (packet.reply()) {
                    header.put(13, (byte) 0x10);
                }
            }
            return transport;
        }
        if (packet.related()) {
            return error(packet);
        }
        // Of an ICMP error, with nothing that reads like a packet behind its header.
        byte[] transport =
                packet.icmpType().isPresent()
                        ? new byte[8 + random.nextInt(20)]
                        : bytes(8 + random.nextInt(20));
        packet.icmpType().ifPresent(type -> transport[0] = (byte) type);
        return transport;
    }

    /** An ICMP error about a segment that the local side has sent, or got, in {@link #quoted}. */
    private byte[] error(Ip packet) {
        Socket socket = quoted(packet);
        boolean sent = packet.direction() == Direction.INGRESS;
        Address from = sent ? socket.local() : socket.remote();
        Address to = sent ? socket.remote() : socket.local();
        boolean ipv4 = packet.family() == Family.IPV4;
        ByteBuffer error = ByteBuffer.allocate(8 + (ipv4 ? 20 : 40) + 8);
        error.put((byte) packet.icmpType().orElseThrow()).position(8);
        if (ipv4) {
            error.put((byte) 0x45).put((byte) 0).putShort((short) 1500).putInt(0);
            error.put((byte) 64).put((byte) ReferencePacket.TCP).putShort((short) 0);
        } else {
            error.putInt(0x6000_0000).putShort((short) 1460);
            error.put((byte) ReferencePacket.TCP).put((byte) 64);
        }
        error.put(from.bytes()).put(to.bytes());
        error.putShort((short) (sent ? socket.localPort() : socket.remotePort()));
        error.putShort((short) (sent ? socket.remotePort() : socket.localPort()));
        return error.array();
    }

    /** The conversation that an ICMP error is about. */
    static Socket quoted(Ip error) {
        Address peer = new Address(error.family(), 0, 0x0102_0304);
        return new Socket(ReferencePacket.TCP, error.local(), 1111, peer, 2222, true);
    }

    /** The conversation that a packet answers in. */
    static Socket answered(Ip reply) {
        return new Socket(
                reply.protocol(),
                reply.local(),
                reply.localPort().orElseThrow(),
                reply.remote(),
                reply.remotePort().orElseThrow(),
                reply.direction() == Direction.INGRESS);
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private ByteBuffer malformed(ByteBuffer frame, Malformed packet) {
        if (packet.local().isEmpty()) {
            return withoutAddresses(frame, packet.direction());
        }
        Address local = packet.local().get();
        Address remote =
                random.nextBoolean() ? local : new Address(local.family(), 0, random.nextInt(1000));
        boolean leaving = packet.direction() == Direction.EGRESS;
        Ip sound =
                ReferencePacket.withPorts(
                        packet.interfaceName(),
                        ReferencePacket.TCP,
                        leaving ? local : remote,
                        leaving ? remote : local,
                        new ReferencePacket.Ports(1, 2));
        tags(frame, random.nextInt(3));
        int start = frame.position() + 2;
        if (local.family() == Family.IPV4) {
            ipv4(frame, sound, transport(sound));
            breakIpv4(frame, start);
        } else {
            int extensions = random.nextInt(5) == 0 ? 9 : 0;
            ipv6(frame, sound, transport(sound), extensions);
            if (extensions == 0) {
                breakIpv6(frame, start);
            }
        }
        return frame.flip();
    }

    private void breakIpv4(ByteBuffer frame, int start) {
        int header = (frame.get(start) & 0x0f) * 4;
        switch (random.nextInt(7)) {
            case 0 -> frame.put(start, (byte) (0x40 | random.nextInt(5)));
            case 1 -> frame.put(start, (byte) (0x50 | header / 4));
            case 2 -> frame.putShort(start + 2, (short) (frame.position() - start + 1));
            case 3 -> frame.putShort(start + 2, (short) random.nextInt(1, header));
            case 4 -> frame.position(start + header + random.nextInt(20));
            case 5 -> frame.put(start + header + 12, (byte) (random.nextInt(5) << 4));
            default -> frame.putShort(start + 2, (short) (header + random.nextInt(20)));
        }
    }

    private void breakIpv6(ByteBuffer frame, int start) {
        switch (random.nextInt(5)) {
            case 0 -> frame.put(start, (byte) 0x50);
            case 1 -> frame.putShort(start + 4, (short) (frame.position() - start - 40 + 1));
            case 2 -> frame.position(start + 40 + random.nextInt(20));
            case 3 -> frame.putShort(start + 4, (short) random.nextInt(20));
            default -> {
                int[] kinds = {HOP_BY_HOP, ROUTING, DESTINATION_OPTIONS, AUTHENTICATION};
                frame.put(start + 6, (byte) kinds[random.nextInt(kinds.length)])
                        .put(start + 41, (byte) 255);
            }
        }
    }

    /**
     * Ends before the addresses, or has more tags than are looked at. A test run at egress takes no
     * frame whose IP header is cut short.
     */
    private ByteBuffer withoutAddresses(ByteBuffer frame, Direction direction) {
        if (direction == Direction.EGRESS || random.nextInt(3) == 0) {
            tags(frame, 3);
            return frame.putShort((short) 0x0800).put(new byte[40]).flip();
        }
        boolean ipv4 = random.nextBoolean();
        frame.putShort((short) (ipv4 ? 0x0800 : 0x86dd)).put((byte) (ipv4 ? 0x45 : 0x60));
        return frame.put(Arrays.copyOf(bytes(40), random.nextInt(ipv4 ? 19 : 39))).flip();
    }
}

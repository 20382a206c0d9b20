// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.common.primitives.Bytes;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet of a conversation, as a frame. It is the first one: a TCP SYN, a UDP datagram without
 * data, an ICMP echo request, or the bare header of another protocol; or one of an established TCP
 * connection; or the first one with data of a TCP connection that a balancer sends on. Checksums
 * are zero: the programs don't look at them.
 *
 * @param protocol the number of the protocol, 0 to 255
 * @param fromPort 0 to 65535; ignored for protocols without ports, like {@code toPort}
 * @param tcpFlags of TCP
 * @param original whom a balancer has sent it for; of TCP alone
 */
public record ProbePacket(
        Address from,
        int fromPort,
        Address to,
        int toPort,
        int protocol,
        int tcpFlags,
        Optional<Original> original) {
    private static final int SYN = 0x02;
    private static final int ACK = 0x10;
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;

    /** The first packet. */
    public ProbePacket(Address from, int fromPort, Address to, int toPort, int protocol) {
        this(from, fromPort, to, toPort, protocol, SYN, Optional.empty());
    }

    /** The first one with data of a TCP connection that {@code from} sends on for somebody. */
    public ProbePacket proxiedFor(Original client) {
        return new ProbePacket(from, fromPort, to, toPort, TCP, ACK, Optional.of(client));
    }

    public boolean isTcp() {
        return protocol == TCP;
    }

    /** One of a TCP connection that is established. */
    static ProbePacket established(Address from, int fromPort, Address to, int toPort) {
        return new ProbePacket(from, fromPort, to, toPort, TCP, ACK, Optional.empty());
    }

    public ProbePacket {
        if (from.family() != to.family()) {
            throw new IllegalArgumentException(from + " and " + to + " are of different families");
        }
    }

    /** The address on this host's side. */
    public Address local(Direction direction) {
        return direction == Direction.INGRESS ? to : from;
    }

    /** The address on the other side. */
    public Address remote(Direction direction) {
        return direction == Direction.INGRESS ? from : to;
    }

    /** Whether a rule is about the protocol and the other side's port. */
    public boolean isAbout(RemotePorts wanted, Direction direction) {
        Protocol named = Protocol.withPorts(protocol);
        int port = direction == Direction.INGRESS ? fromPort : toPort;
        return wanted.matches(
                named, named == Protocol.ANY ? OptionalInt.empty() : OptionalInt.of(port));
    }

    /** The frame, from its Ethernet header. */
    public ByteBuffer frame() {
        byte[] data = original.map(ProbeHeader::of).orElse(new byte[0]);
        byte[] transport = Bytes.concat(transport(), data);
        ByteBuffer frame = ByteBuffer.allocate(14 + (ipv4() ? 20 : 40) + transport.length);
        frame.put(new byte[12]).putShort((short) (ipv4() ? 0x0800 : 0x86dd));
        if (ipv4()) {
            frame.put((byte) 0x45).put((byte) 0).putShort((short) (20 + transport.length));
            frame.putInt(0).put((byte) 64).put((byte) protocol).putShort((short) 0);
        } else {
            frame.putInt(0x6000_0000).putShort((short) transport.length);
            frame.put((byte) protocol).put((byte) 64);
        }
        frame.put(from.bytes()).put(to.bytes()).put(transport);
        return frame.flip();
    }

    private boolean ipv4() {
        return from.family() == Family.IPV4;
    }

    private byte[] transport() {
        ByteBuffer header;
        switch (protocol) {
            case TCP -> {
                header = ports(20);
                header.put(12, (byte) 0x50).put(13, (byte) tcpFlags).putShort(14, (short) 0xffff);
            }
            case UDP -> header = ports(8).putShort(4, (short) 8);
            case SCTP -> header = ports(12);
            case ICMP -> header = ByteBuffer.allocate(8).put(0, (byte) 8);
            case ICMPV6 -> header = ByteBuffer.allocate(8).put(0, (byte) 128);
            default -> header = ByteBuffer.allocate(8);
        }
        return header.array();
    }

    private ByteBuffer ports(int size) {
        return ByteBuffer.allocate(size).putShort(0, (short) fromPort).putShort(2, (short) toPort);
    }
}

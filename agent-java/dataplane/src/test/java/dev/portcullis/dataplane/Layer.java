// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IpV6ExtDestinationOptionsPacket;
import org.pcap4j.packet.IpV6ExtFragmentPacket;
import org.pcap4j.packet.IpV6ExtHopByHopOptionsPacket;
import org.pcap4j.packet.IpV6ExtOptionsPacket.IpV6Option;
import org.pcap4j.packet.IpV6ExtRoutingPacket;
import org.pcap4j.packet.IpV6Pad1Option;
import org.pcap4j.packet.IpV6RoutingSourceRouteData;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.SctpPacket;
import org.pcap4j.packet.TcpNoOperationOption;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.TcpPacket.TcpOption;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.IcmpV4Code;
import org.pcap4j.packet.namednumber.IcmpV4Type;
import org.pcap4j.packet.namednumber.IcmpV6Code;
import org.pcap4j.packet.namednumber.IcmpV6Type;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpV6RoutingType;
import org.pcap4j.packet.namednumber.SctpPort;
import org.pcap4j.packet.namednumber.TcpPort;
import org.pcap4j.packet.namednumber.UdpPort;

/**
 * What an IP header, or an extension header, is followed by; made with pcap4j.
 *
 * @param number of its protocol
 */
record Layer(int number, Packet.Builder builder) {
    /** Of whoever talks to a server. */
    static final int CLIENT_PORT = 40_000;

    static Layer tcp(int destination) {
        return tcp(CLIENT_PORT, destination, 0, 0);
    }

    /**
     * @param options bytes of them: a multiple of 4
     */
    static Layer tcp(int source, int destination, int options, int payload) {
        TcpOption nothing = TcpNoOperationOption.getInstance();
        return new Layer(
                6,
                new TcpPacket.Builder()
                        .srcPort(TcpPort.getInstance((short) source))
                        .dstPort(TcpPort.getInstance((short) destination))
                        .syn(true)
                        .options(Collections.nCopies(options, nothing))
                        .correctLengthAtBuild(true)
                        .payloadBuilder(bytes(payload)));
    }

    static Layer udp(int destination) {
        return udp(CLIENT_PORT, destination, 8);
    }

    static Layer udp(int source, int destination, int payload) {
        return new Layer(
                17,
                new UdpPacket.Builder()
                        .srcPort(UdpPort.getInstance((short) source))
                        .dstPort(UdpPort.getInstance((short) destination))
                        .correctLengthAtBuild(true)
                        .payloadBuilder(bytes(payload)));
    }

    static Layer sctp(int destination) {
        return sctp(CLIENT_PORT, destination);
    }

    static Layer sctp(int source, int destination) {
        return new Layer(
                132,
                new SctpPacket.Builder()
                        .srcPort(SctpPort.getInstance((short) source))
                        .dstPort(SctpPort.getInstance((short) destination))
                        .chunks(List.of())
                        .payloadBuilder(bytes(20)));
    }

    /** A message of ICMP over IPv4: what follows its type, code and checksum has 24 bytes. */
    static Layer icmp(int type) {
        return icmp(type, new byte[24]);
    }

    static Layer icmp(int type, byte[] content) {
        IcmpV4Type named = IcmpV4Type.getInstance((byte) type);
        return new Layer(
                1,
                new IcmpV4CommonPacket.Builder()
                        .type(named)
                        .code(IcmpV4Code.getInstance(named.value(), (byte) 0))
                        .payloadBuilder(bytes(content)));
    }

    static Layer icmpv6(int type) {
        return icmpv6(type, new byte[24]);
    }

    static Layer icmpv6(int type, byte[] content) {
        IcmpV6Type named = IcmpV6Type.getInstance((byte) type);
        return new Layer(
                58,
                new IcmpV6CommonPacket.Builder()
                        .type(named)
                        .code(IcmpV6Code.getInstance(named.value(), (byte) 0))
                        .payloadBuilder(bytes(content)));
    }

    /** One that pcap4j has no name for, or a part of one. */
    static Layer raw(int number, int length) {
        return new Layer(number, bytes(length));
    }

    Layer hopByHop() {
        return new Layer(
                0,
                new IpV6ExtHopByHopOptionsPacket.Builder()
                        .nextHeader(named())
                        .options(padding(6))
                        .correctLengthAtBuild(true)
                        .payloadBuilder(builder));
    }

    Layer destinationOptions() {
        return destinationOptions(6);
    }

    /**
     * @param options bytes of them: 6 more than a multiple of 8
     */
    Layer destinationOptions(int options) {
        return new Layer(
                60,
                new IpV6ExtDestinationOptionsPacket.Builder()
                        .nextHeader(named())
                        .options(padding(options))
                        .correctLengthAtBuild(true)
                        .payloadBuilder(builder));
    }

    Layer routing() {
        return new Layer(
                43,
                new IpV6ExtRoutingPacket.Builder()
                        .nextHeader(named())
                        .routingType(IpV6RoutingType.SOURCE_ROUTE)
                        .segmentsLeft((byte) 0)
                        .data(new IpV6RoutingSourceRouteData(0, List.of()))
                        .correctLengthAtBuild(true)
                        .payloadBuilder(builder));
    }

    /**
     * @param units of 4 bytes beyond the first 8: 1 without a check value
     */
    Layer authentication(int units) {
        byte[] inner = builder.build().getRawData();
        byte[] whole = new byte[8 + 4 * units + inner.length];
        whole[0] = (byte) number;
        whole[1] = (byte) units;
        System.arraycopy(inner, 0, whole, 8 + 4 * units, inner.length);
        return new Layer(51, bytes(whole));
    }

    /**
     * Behind an IPv6 fragment header.
     *
     * @param offset in units of 8 bytes
     */
    Layer fragment(int id, int offset, boolean more) {
        return new Layer(
                44,
                new IpV6ExtFragmentPacket.Builder()
                        .nextHeader(named())
                        .reserved((byte) 0)
                        .fragmentOffset((short) offset)
                        .res((byte) 0)
                        .m(more)
                        .identification(id)
                        .payloadBuilder(builder));
    }

    /** The same, cut to its first bytes. */
    Layer first(int bytes) {
        return new Layer(number, bytes(Arrays.copyOf(builder.build().getRawData(), bytes)));
    }

    private IpNumber named() {
        return IpNumber.getInstance((byte) number);
    }

    private static List<IpV6Option> padding(int bytes) {
        IpV6Option nothing = IpV6Pad1Option.getInstance();
        return Collections.nCopies(bytes, nothing);
    }

    private static UnknownPacket.Builder bytes(int length) {
        return bytes(new byte[length]);
    }

    private static UnknownPacket.Builder bytes(byte[] bytes) {
        return new UnknownPacket.Builder().rawData(bytes);
    }
}

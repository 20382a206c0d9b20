// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IpV4NoOperationOption;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4Packet.IpV4Option;
import org.pcap4j.packet.IpV4Rfc1349Tos;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.IpV6SimpleFlowLabel;
import org.pcap4j.packet.IpV6SimpleTrafficClass;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.namednumber.EtherType;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.util.MacAddress;

/**
 * Ethernet and IP headers, made with pcap4j.
 *
 * @param tags the Ethernet types of VLAN tags, outer first
 * @param hops TTL or hop limit
 * @param options bytes of IPv4 options: a multiple of 4
 * @param offset of an IPv4 fragment, in units of 8 bytes
 */
record Envelope(
        String source,
        String destination,
        List<Integer> tags,
        int hops,
        int options,
        int id,
        int offset,
        boolean more) {
    static final int VLAN = 0x8100;
    static final int SERVICE_VLAN = 0x88a8;

    private static final MacAddress HERE = MacAddress.getByName("02:00:00:00:00:02");
    private static final MacAddress THERE = MacAddress.getByName("02:00:00:00:00:01");

    static Envelope of(String source, String destination) {
        return new Envelope(source, destination, List.of(), 64, 0, 1, 0, false);
    }

    Envelope tagged(Integer... types) {
        return new Envelope(source, destination, List.of(types), hops, options, id, offset, more);
    }

    Envelope hops(int count) {
        return new Envelope(source, destination, tags, count, options, id, offset, more);
    }

    Envelope options(int bytes) {
        return new Envelope(source, destination, tags, hops, bytes, id, offset, more);
    }

    Envelope fragment(int datagram, int at, boolean others) {
        return new Envelope(source, destination, tags, hops, options, datagram, at, others);
    }

    byte[] carrying(Layer layer) {
        Packet.Builder packet = isIpv4() ? ipv4(layer) : ipv6(layer);
        return frame(tags, isIpv4() ? 0x0800 : 0x86dd, packet);
    }

    /** The packet alone, as an ICMP error quotes it. */
    byte[] quoting(Layer layer) {
        return (isIpv4() ? ipv4(layer) : ipv6(layer)).build().getRawData();
    }

    /** A frame of another Ethernet type, or with a length in its place. */
    static byte[] frame(List<Integer> tags, int type, Packet.Builder content) {
        Packet.Builder inner = content;
        int innerType = type;
        for (int i = tags.size() - 1; i >= 0; i--) {
            inner =
                    new Dot1qVlanTagPacket.Builder()
                            .priority((byte) 3)
                            .vid((short) (100 + i))
                            .type(EtherType.getInstance((short) innerType))
                            .payloadBuilder(inner);
            innerType = tags.get(i);
        }
        return new EthernetPacket.Builder()
                .pad(new byte[0])
                .dstAddr(HERE)
                .srcAddr(THERE)
                .type(EtherType.getInstance((short) innerType))
                .payloadBuilder(inner)
                .build()
                .getRawData();
    }

    private boolean isIpv4() {
        return address(source) instanceof Inet4Address;
    }

    private Packet.Builder ipv4(Layer layer) {
        IpV4Option nothing = IpV4NoOperationOption.getInstance();
        return new IpV4Packet.Builder()
                .version(IpVersion.IPV4)
                .tos(IpV4Rfc1349Tos.newInstance((byte) 0))
                .identification((short) id)
                .fragmentOffset((short) offset)
                .moreFragmentFlag(more)
                .ttl((byte) hops)
                .protocol(IpNumber.getInstance((byte) layer.number()))
                .srcAddr((Inet4Address) address(source))
                .dstAddr((Inet4Address) address(destination))
                .options(Collections.nCopies(options, nothing))
                .correctLengthAtBuild(true)
                .correctChecksumAtBuild(true)
                .payloadBuilder(layer.builder());
    }

    private Packet.Builder ipv6(Layer layer) {
        return new IpV6Packet.Builder()
                .version(IpVersion.IPV6)
                .trafficClass(IpV6SimpleTrafficClass.newInstance((byte) 0))
                .flowLabel(IpV6SimpleFlowLabel.newInstance(0x12345))
                .hopLimit((byte) hops)
                .nextHeader(IpNumber.getInstance((byte) layer.number()))
                .srcAddr((Inet6Address) address(source))
                .dstAddr((Inet6Address) address(destination))
                .correctLengthAtBuild(true)
                .payloadBuilder(layer.builder());
    }

    private static InetAddress address(String text) {
        return InetAddresses.forString(text);
    }
}

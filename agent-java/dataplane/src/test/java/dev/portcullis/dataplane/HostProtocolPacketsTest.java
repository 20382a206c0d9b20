// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.cut;
import static dev.portcullis.dataplane.Envelope.SERVICE_VLAN;
import static dev.portcullis.dataplane.Envelope.VLAN;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.NOBODY6;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.THREAT6;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WATCHED6;
import static dev.portcullis.policy.model.Reason.HOST_PROTOCOL;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import com.google.common.net.InetAddresses;
import java.net.Inet6Address;
import java.util.List;
import org.pcap4j.packet.IcmpV6CommonPacket.IpV6NeighborDiscoveryOption;
import org.pcap4j.packet.IcmpV6NeighborSolicitationPacket;
import org.pcap4j.packet.IcmpV6RouterAdvertisementPacket;
import org.pcap4j.packet.IpV6NeighborDiscoveryMtuOption;
import org.pcap4j.packet.IpV6NeighborDiscoverySourceLinkLayerAddressOption;
import org.pcap4j.packet.Packet;

/** What a host needs to be on the network at all: neighbour discovery, MLD, DHCP. */
class HostProtocolPacketsTest extends PacketSuite {
    /** From a neighbour that no policy lets in. */
    private static final Envelope NEIGHBOUR = Envelope.of("fe80::7", "fe80::2").hops(255);

    private static final Envelope TO_GROUP = Envelope.of("fe80::7", "ff02::1").hops(255);
    private static final Envelope MULTICAST_LISTENER = Envelope.of("fe80::7", "ff02::16").hops(1);
    private static final Envelope SERVER4 = Envelope.of(STRANGER4, VAULT4);
    private static final Envelope SERVER6 = Envelope.of("fe80::7", "fe80::2");

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "a neighbour solicitation passes",
                        TO_GROUP.carrying(solicitation()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a neighbour advertisement passes",
                        NEIGHBOUR.carrying(icmpv6(136)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a router solicitation passes",
                        TO_GROUP.carrying(icmpv6(133)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a router advertisement passes",
                        TO_GROUP.carrying(advertisement()),
                        PASS,
                        HOST_PROTOCOL),
                arrives("a redirect passes", NEIGHBOUR.carrying(icmpv6(137)), PASS, HOST_PROTOCOL),
                arrives(
                        "a neighbour solicitation that was forwarded is denied",
                        TO_GROUP.hops(254).carrying(solicitation()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a neighbour advertisement that was forwarded is denied",
                        NEIGHBOUR.hops(254).carrying(icmpv6(136)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a router solicitation that was forwarded is denied",
                        TO_GROUP.hops(254).carrying(icmpv6(133)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a router advertisement that was forwarded is denied",
                        TO_GROUP.hops(254).carrying(advertisement()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a redirect that was forwarded is denied",
                        NEIGHBOUR.hops(254).carrying(icmpv6(137)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a neighbour solicitation with a hop limit of 64 is denied",
                        TO_GROUP.hops(64).carrying(solicitation()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a neighbour solicitation with a hop limit of 0 is denied",
                        TO_GROUP.hops(0).carrying(solicitation()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "one that was forwarded from the office is let in as ICMP",
                        Envelope.of(OFFICE6, VAULT6).hops(254).carrying(icmpv6(136)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the number before the first type of neighbour discovery is none of it",
                        NEIGHBOUR.carrying(icmpv6(129)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the number after the last type is none either",
                        NEIGHBOUR.carrying(icmpv6(138)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "inverse neighbour discovery is none",
                        NEIGHBOUR.carrying(icmpv6(141)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a neighbour solicitation in a VLAN passes",
                        TO_GROUP.tagged(VLAN).carrying(solicitation()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a neighbour solicitation in two VLANs passes",
                        TO_GROUP.tagged(SERVICE_VLAN, VLAN).carrying(solicitation()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a neighbour solicitation behind an extension header passes",
                        TO_GROUP.carrying(solicitation().destinationOptions()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a neighbour solicitation of ICMP's number is none",
                        TO_GROUP.carrying(new Layer(1, solicitation().builder())),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a neighbour solicitation that is cut short is malformed",
                        cut(TO_GROUP.carrying(solicitation()), 70),
                        DROP,
                        MALFORMED),
                arrives(
                        "a neighbour solicitation to nobody's address is nobody's",
                        Envelope.of("fe80::7", NOBODY6).hops(255).carrying(solicitation()),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a neighbour solicitation from a blocklist passes",
                        Envelope.of(THREAT6, WATCHED6).hops(255).carrying(solicitation()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a multicast listener query passes",
                        MULTICAST_LISTENER.carrying(icmpv6(130).hopByHop()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a multicast listener report passes",
                        MULTICAST_LISTENER.carrying(icmpv6(131).hopByHop()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a multicast listener done passes",
                        MULTICAST_LISTENER.carrying(icmpv6(132).hopByHop()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a multicast listener report of version 2 passes",
                        MULTICAST_LISTENER.carrying(icmpv6(143).hopByHop()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a multicast listener query without a hop-by-hop header passes",
                        MULTICAST_LISTENER.carrying(icmpv6(130)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "the number after that report is a type like any other",
                        MULTICAST_LISTENER.carrying(icmpv6(144).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the answer of a DHCP server passes",
                        SERVER4.carrying(udp(67, 68, 300)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "the answer of a DHCP server to all passes",
                        Envelope.of(STRANGER4, "255.255.255.255").carrying(udp(67, 68, 300)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "the answer of a DHCP server behind IPv4 options passes",
                        SERVER4.options(4).carrying(udp(67, 68, 300)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "the answer of a DHCP server in a VLAN passes",
                        SERVER4.tagged(VLAN).carrying(udp(67, 68, 300)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a DHCP request to a server is denied",
                        SERVER4.carrying(udp(68, 67, 300)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "DHCP from another port is denied",
                        SERVER4.carrying(udp(66, 68, 300)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "DHCP's ports of TCP are denied",
                        SERVER4.carrying(tcp(67, 68, 0, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "DHCPv6's ports over IPv4 are denied",
                        SERVER4.carrying(udp(547, 546, 100)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the answer of a DHCPv6 server passes",
                        SERVER6.carrying(udp(547, 546, 100)),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "the answer of a DHCPv6 server behind an extension header passes",
                        SERVER6.carrying(udp(547, 546, 100).destinationOptions()),
                        PASS,
                        HOST_PROTOCOL),
                arrives(
                        "a DHCPv6 request to a server is denied",
                        SERVER6.carrying(udp(546, 547, 100)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "DHCP's ports over IPv6 are denied",
                        SERVER6.carrying(udp(67, 68, 100)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "DHCPv6's ports of SCTP are denied",
                        SERVER6.carrying(sctp(547, 546)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "a neighbour solicitation leaves",
                        Envelope.of("fe80::2", "ff02::1:ff00:7").hops(255).carrying(solicitation()),
                        PASS,
                        HOST_PROTOCOL),
                leaves(
                        "one with a hop limit of 254 does not",
                        Envelope.of("fe80::2", "ff02::1:ff00:7").hops(254).carrying(solicitation()),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "a multicast listener report leaves",
                        Envelope.of("fe80::2", "ff02::16").hops(1).carrying(icmpv6(143).hopByHop()),
                        PASS,
                        HOST_PROTOCOL),
                leaves(
                        "a DHCP request leaves",
                        Envelope.of(VAULT4, STRANGER4).carrying(udp(68, 67, 300)),
                        PASS,
                        HOST_PROTOCOL),
                leaves(
                        "a DHCPv6 request leaves",
                        Envelope.of("fe80::2", "ff02::1:2").carrying(udp(546, 547, 100)),
                        PASS,
                        HOST_PROTOCOL),
                leaves(
                        "the answer of a DHCP server of this host does not",
                        Envelope.of(VAULT4, STRANGER4).carrying(udp(67, 68, 300)),
                        DROP,
                        NO_POLICY_MATCH));
    }

    private static Layer solicitation() {
        Inet6Address target = (Inet6Address) InetAddresses.forString("fe80::2");
        IpV6NeighborDiscoveryOption address =
                new IpV6NeighborDiscoverySourceLinkLayerAddressOption.Builder()
                        .linkLayerAddress(new byte[] {2, 0, 0, 0, 0, 1})
                        .correctLengthAtBuild(true)
                        .build();
        return discovery(
                135,
                new IcmpV6NeighborSolicitationPacket.Builder()
                        .targetAddress(target)
                        .options(List.of(address))
                        .build());
    }

    private static Layer advertisement() {
        IpV6NeighborDiscoveryOption mtu =
                new IpV6NeighborDiscoveryMtuOption.Builder()
                        .mtu(1500)
                        .correctLengthAtBuild(true)
                        .build();
        return discovery(
                134,
                new IcmpV6RouterAdvertisementPacket.Builder()
                        .routerLifetime((short) 1800)
                        .options(List.of(mtu))
                        .build());
    }

    private static Layer discovery(int type, Packet message) {
        return icmpv6(type, message.getRawData());
    }
}

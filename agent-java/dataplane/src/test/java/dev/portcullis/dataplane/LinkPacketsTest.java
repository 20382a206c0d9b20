// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Envelope.SERVICE_VLAN;
import static dev.portcullis.dataplane.Envelope.VLAN;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NOT_IP;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import com.google.common.net.InetAddresses;
import java.util.List;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.LlcControlUnnumbered;
import org.pcap4j.packet.LlcPacket;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.SnapPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.ArpHardwareType;
import org.pcap4j.packet.namednumber.ArpOperation;
import org.pcap4j.packet.namednumber.EtherType;
import org.pcap4j.packet.namednumber.LlcControlModifierFunction;
import org.pcap4j.packet.namednumber.LlcNumber;
import org.pcap4j.packet.namednumber.Oui;
import org.pcap4j.util.MacAddress;

/** Ethernet: what is not IP, and what is of which IP. */
class LinkPacketsTest extends PacketSuite {
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);

    @Override
    List<Case> cases() {
        return List.of(
                arrives("an ARP request passes", arp(ArpOperation.REQUEST), PASS, NOT_IP),
                arrives("an ARP reply passes", arp(ArpOperation.REPLY), PASS, NOT_IP),
                leaves("an ARP request leaves", arp(ArpOperation.REQUEST), PASS, NOT_IP),
                arrives("ARP in a VLAN passes", arp(ArpOperation.REQUEST, VLAN), PASS, NOT_IP),
                arrives(
                        "three tags around ARP are malformed",
                        arp(ArpOperation.REQUEST, VLAN, VLAN, VLAN),
                        DROP,
                        MALFORMED),
                leaves("ARP leaves in a VLAN", arp(ArpOperation.REPLY, VLAN), PASS, NOT_IP),
                arrives(
                        "ARP in two VLANs passes",
                        arp(ArpOperation.REQUEST, SERVICE_VLAN, VLAN),
                        PASS,
                        NOT_IP),
                arrives(
                        "ARP that is cut short passes",
                        Bent.cut(arp(ArpOperation.REQUEST), 20),
                        PASS,
                        NOT_IP),
                arrives("LLDP passes", other(0x88cc), PASS, NOT_IP),
                leaves("LLDP leaves", other(0x88cc), PASS, NOT_IP),
                arrives("802.1X passes", other(0x888e), PASS, NOT_IP),
                arrives("PPPoE passes, whatever is inside", other(0x8864), PASS, NOT_IP),
                arrives("MPLS passes, whatever is inside", other(0x8847), PASS, NOT_IP),
                arrives("a LACP frame passes", other(0x8809), PASS, NOT_IP),
                arrives("a PTP frame passes", other(0x88f7), PASS, NOT_IP),
                arrives("a frame with a length for a type passes", spanningTree(), PASS, NOT_IP),
                arrives("IP behind LLC and SNAP is not IP to Linux either", snap(), PASS, NOT_IP),
                arrives(
                        "the tag of another maker's QinQ is a type like any other",
                        other(0x9100),
                        PASS,
                        NOT_IP),
                arrives(
                        "a frame that ends with its type passes if that is not IP",
                        Bent.cut(other(0x88cc), 14),
                        PASS,
                        NOT_IP),
                arrives(
                        "an IPv6 packet of the type of IPv4 has an address of nobody's",
                        Bent.withEthernetType(
                                Envelope.of(OFFICE6, VAULT6).carrying(tcp(WEB)), 0x0800),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "an IPv4 packet of the type of IPv6 is cut short",
                        Bent.withEthernetType(FRIENDLY4.carrying(raw(253, 8)), 0x86dd),
                        DROP,
                        MALFORMED));
    }

    private static byte[] arp(ArpOperation operation, Integer... tags) {
        MacAddress asking = MacAddress.getByName("02:00:00:00:00:01");
        Packet.Builder arp =
                new ArpPacket.Builder()
                        .hardwareType(ArpHardwareType.ETHERNET)
                        .protocolType(EtherType.IPV4)
                        .hardwareAddrLength((byte) 6)
                        .protocolAddrLength((byte) 4)
                        .operation(operation)
                        .srcHardwareAddr(asking)
                        .dstHardwareAddr(MacAddress.ETHER_BROADCAST_ADDRESS)
                        .srcProtocolAddr(InetAddresses.forString(STRANGER4))
                        .dstProtocolAddr(InetAddresses.forString(WEB4));
        return Envelope.frame(List.of(tags), 0x0806, arp);
    }

    private static byte[] other(int type) {
        return Envelope.frame(List.of(), type, new UnknownPacket.Builder().rawData(new byte[46]));
    }

    private static byte[] spanningTree() {
        return llc(0x42, new UnknownPacket.Builder().rawData(new byte[35]), 38);
    }

    /** The IPv4 packet of a stranger in the frame of IEEE 802.2. */
    private static byte[] snap() {
        byte[] packet = STRANGE4.quoting(tcp(WEB));
        Packet.Builder snap =
                new SnapPacket.Builder()
                        .oui(Oui.getInstance(0))
                        .protocolId(EtherType.IPV4)
                        .payloadBuilder(new UnknownPacket.Builder().rawData(packet));
        return llc(0xaa, snap, packet.length + 8);
    }

    private static byte[] llc(int service, Packet.Builder content, int length) {
        LlcNumber number = LlcNumber.getInstance((byte) service);
        Packet.Builder llc =
                new LlcPacket.Builder()
                        .dsap(number)
                        .ssap(number)
                        .control(
                                new LlcControlUnnumbered.Builder()
                                        .modifierFunction(LlcControlModifierFunction.UI)
                                        .pfBit(false)
                                        .build())
                        .payloadBuilder(content);
        return Envelope.frame(List.of(), length, llc);
    }
}

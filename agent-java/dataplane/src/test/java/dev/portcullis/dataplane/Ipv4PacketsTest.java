// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.AFTER_IPV4;
import static dev.portcullis.dataplane.Bent.IP;
import static dev.portcullis.dataplane.Bent.padded;
import static dev.portcullis.dataplane.Bent.with;
import static dev.portcullis.dataplane.Bent.withFlagsAndOffset;
import static dev.portcullis.dataplane.Layer.icmp;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.AUDIT4;
import static dev.portcullis.dataplane.SuiteHost.BOTH4;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.LOST4;
import static dev.portcullis.dataplane.SuiteHost.NOBODY4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OPEN4;
import static dev.portcullis.dataplane.SuiteHost.RESET4;
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.THREAT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.WATCHED4;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.policy.model.Reason.BLOCKLIST;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;
import org.pcap4j.packet.UnknownPacket;

/** IPv4 headers and the protocols behind them. */
class Ipv4PacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY = Envelope.of(OFFICE4, WEB4);
    private static final Envelope STRANGE = Envelope.of(STRANGER4, WEB4);
    private static final Envelope TO_VAULT = Envelope.of(STRANGER4, VAULT4);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "UDP from the office is let in",
                        FRIENDLY.carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "SCTP from the office is let in",
                        FRIENDLY.carrying(sctp(SIGNALLING)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a ping from the office is let in",
                        FRIENDLY.carrying(icmp(8)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "UDP from a stranger is denied",
                        STRANGE.carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SCTP from a stranger is denied",
                        STRANGE.carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a ping from a stranger is denied",
                        STRANGE.carrying(icmp(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the first address of the office's prefix is let in",
                        Envelope.of("203.0.113.0", WEB4).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the last one is, too",
                        Envelope.of("203.0.113.255", WEB4).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the one before it is a stranger's",
                        Envelope.of("203.0.112.255", WEB4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "and the one after it",
                        Envelope.of("203.0.114.0", WEB4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the source 0.0.0.0 is a stranger",
                        Envelope.of("0.0.0.0", WEB4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the source 255.255.255.255 is a stranger",
                        Envelope.of("255.255.255.255", WEB4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the host's own address is a stranger from outside",
                        Envelope.of(WEB4, WEB4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an address that no resource selects is reached",
                        Envelope.of(STRANGER4, NOBODY4).carrying(tcp(WEB)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "an open resource is reached by TCP",
                        Envelope.of(STRANGER4, OPEN4).carrying(tcp(WEB)),
                        PASS,
                        OPEN),
                arrives(
                        "an open resource is reached by any protocol",
                        Envelope.of(STRANGER4, OPEN4).carrying(raw(253, 20)),
                        PASS,
                        OPEN),
                arrives(
                        "in audit mode a stranger passes, reported",
                        Envelope.of(STRANGER4, AUDIT4).carrying(tcp(WEB)),
                        Verdict.AUDIT,
                        NO_POLICY_MATCH),
                arrives(
                        "in audit mode the office passes without a report",
                        Envelope.of(OFFICE4, AUDIT4).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "who is in the blocklist of an open resource is denied",
                        Envelope.of(THREAT4, WATCHED4).carrying(tcp(WEB)),
                        DROP,
                        BLOCKLIST),
                arrives(
                        "and nobody else",
                        Envelope.of(STRANGER4, WATCHED4).carrying(tcp(WEB)),
                        PASS,
                        OPEN),
                arrives(
                        "who is in the blocklist is denied though the office's policy would let in",
                        Envelope.of(LOST4, BOTH4).carrying(udp(DNS)),
                        DROP,
                        BLOCKLIST),
                arrives(
                        "who is in the office is let in behind a blocklist",
                        Envelope.of(OFFICE4, BOTH4).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "who is in neither is denied",
                        Envelope.of(STRANGER4, BOTH4).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "one who is to be sent away with a reset is denied",
                        Envelope.of(STRANGER4, RESET4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "IGMP to all hosts is judged like any protocol",
                        Envelope.of(STRANGER4, "224.0.0.1").hops(1).carrying(raw(2, 8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "IGMP of the office is let in",
                        Envelope.of(OFFICE4, "224.0.0.1").hops(1).carrying(raw(2, 8)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "multicast is denied where a resource names it",
                        Envelope.of(STRANGER4, "239.1.2.3").carrying(udp(5353)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "broadcast is denied where a resource names it",
                        Envelope.of(STRANGER4, "255.255.255.255").carrying(udp(5353)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "GRE is judged by its outer header",
                        TO_VAULT.carrying(raw(47, 24)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "GRE of the office is let in",
                        Envelope.of(OFFICE4, VAULT4).carrying(raw(47, 24)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "IP in IP is judged by its outer header",
                        Envelope.of(OFFICE4, VAULT4)
                                .carrying(
                                        new Layer(
                                                4,
                                                new UnknownPacket.Builder()
                                                        .rawData(STRANGE.quoting(tcp(WEB))))),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "IPv6 in IPv4 of a stranger is denied",
                        TO_VAULT.carrying(raw(41, 60)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "VXLAN is UDP",
                        TO_VAULT.carrying(udp(40_001, 4789, 50)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "ESP is judged as a protocol without ports",
                        STRANGE.carrying(raw(50, 40)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "ESP to a host that is closed is denied",
                        TO_VAULT.carrying(raw(50, 40)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the authentication header is a protocol of its own in IPv4",
                        STRANGE.carrying(tcp(WEB).authentication(4)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "and denied where everything is",
                        TO_VAULT.carrying(tcp(WEB).authentication(4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "ICMPv6 in IPv4 is no ICMP",
                        STRANGE.carrying(icmpv6(128)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the numbers of IPv6 extension headers are no headers in IPv4",
                        STRANGE.carrying(tcp(WEB).hopByHop()),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "nor is that of the fragment header",
                        TO_VAULT.carrying(tcp(WEB).fragment(1, 3, true)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "UDP-Lite has no ports here",
                        STRANGE.carrying(raw(136, 20)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "DCCP has no ports here",
                        TO_VAULT.carrying(raw(33, 20)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "OSPF of the office is let in",
                        Envelope.of(OFFICE4, "224.0.0.5").carrying(raw(89, 44)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "protocol 255 is one like any other",
                        TO_VAULT.carrying(raw(255, 4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a packet of no bytes behind its header is whole",
                        TO_VAULT.carrying(raw(253, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "one word of options hides no port",
                        STRANGE.options(4).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the most options hide no port",
                        STRANGE.options(40).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send options",
                        FRIENDLY.options(40).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "UDP behind options is denied",
                        STRANGE.options(12).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SCTP behind options is denied",
                        STRANGE.options(20).carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a ping behind options is denied",
                        STRANGE.options(8).carrying(icmp(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "options whose own lengths lie change nothing",
                        with(STRANGE.options(8).carrying(tcp(WEB)), AFTER_IPV4, 7, 255, 0, 0),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "padding behind a short segment changes nothing",
                        padded(STRANGE.carrying(tcp(WEB)), 6),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "padding may be long",
                        padded(FRIENDLY.carrying(udp(DNS)), 1000),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a TTL of 0 has no say",
                        FRIENDLY.hops(0).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a type of service has no say",
                        with(STRANGE.carrying(tcp(WEB)), IP + 1, 0xb8),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a wrong header checksum has no say",
                        with(FRIENDLY.carrying(tcp(WEB)), IP + 10, 0xde, 0xad),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the reserved flag has no say",
                        withFlagsAndOffset(STRANGE.carrying(tcp(WEB)), 0x8000),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "may-not-be-fragmented has no say",
                        withFlagsAndOffset(FRIENDLY.carrying(tcp(WEB)), 0x4000),
                        PASS,
                        POLICY_MATCH));
    }
}

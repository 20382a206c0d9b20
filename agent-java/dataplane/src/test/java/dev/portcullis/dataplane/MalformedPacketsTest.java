// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.AFTER_IPV4;
import static dev.portcullis.dataplane.Bent.IP;
import static dev.portcullis.dataplane.Bent.cut;
import static dev.portcullis.dataplane.Bent.withDataOffset;
import static dev.portcullis.dataplane.Bent.withExtensionLength;
import static dev.portcullis.dataplane.Bent.withHeaderLength;
import static dev.portcullis.dataplane.Bent.withNextHeader;
import static dev.portcullis.dataplane.Bent.withPayloadLength;
import static dev.portcullis.dataplane.Bent.withTotalLength;
import static dev.portcullis.dataplane.Bent.withVersion;
import static dev.portcullis.dataplane.Layer.icmp;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.AUDIT4;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.NOBODY4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.OPEN4;
import static dev.portcullis.dataplane.SuiteHost.RESET4;
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.THREAT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WATCHED4;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;

/** Headers that are cut short, and lengths that can't be. */
class MalformedPacketsTest extends PacketSuite {
    private static final byte[] TCP4 = Envelope.of(OFFICE4, WEB4).carrying(tcp(WEB));
    private static final byte[] UDP4 = Envelope.of(OFFICE4, WEB4).carrying(udp(DNS));
    private static final byte[] PING4 = Envelope.of(OFFICE4, WEB4).carrying(icmp(8));
    private static final byte[] TCP6 = Envelope.of(OFFICE6, WEB6).carrying(tcp(WEB));
    private static final byte[] UDP6 = Envelope.of(OFFICE6, WEB6).carrying(udp(DNS));
    private static final byte[] PING6 = Envelope.of(OFFICE6, WEB6).carrying(icmpv6(128));

    @Override
    List<Case> cases() {
        return List.of(
                arrives("no byte of an IPv4 header is malformed", cut(TCP4, IP), DROP, MALFORMED),
                arrives(
                        "one byte of an IPv4 header is malformed",
                        cut(TCP4, IP + 1),
                        DROP,
                        MALFORMED),
                arrives(
                        "an IPv4 header without its addresses is malformed",
                        cut(TCP4, IP + 12),
                        DROP,
                        MALFORMED),
                arrives(
                        "an IPv4 header that lacks its last byte is malformed",
                        cut(TCP4, IP + 19),
                        DROP,
                        MALFORMED),
                arrives(
                        "so it is to nobody's address, which can't be read",
                        cut(Envelope.of(STRANGER4, NOBODY4).carrying(tcp(WEB)), IP + 19),
                        DROP,
                        MALFORMED),
                arrives(
                        "an IPv4 header alone, of a packet that says it is longer, is malformed",
                        cut(TCP4, IP + 20),
                        DROP,
                        MALFORMED),
                arrives(
                        "one byte too few is malformed",
                        cut(TCP4, TCP4.length - 1),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length of one too many is malformed",
                        withTotalLength(TCP4, 41),
                        DROP,
                        MALFORMED),
                arrives(
                        "the greatest total length is malformed",
                        withTotalLength(TCP4, 65_535),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length of 0 is malformed",
                        withTotalLength(TCP4, 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length shorter than the header is malformed",
                        withTotalLength(TCP4, 19),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length that ends at the header leaves no TCP header",
                        withTotalLength(TCP4, 20),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length that ends within the ports is malformed, though they are there",
                        withTotalLength(TCP4, 22),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length that ends within the TCP header is malformed",
                        withTotalLength(TCP4, 39),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length that cuts the data is sound",
                        withTotalLength(
                                Envelope.of(OFFICE4, WEB4).carrying(tcp(1, WEB, 0, 50)), 40),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a total length that ends within the UDP header is malformed",
                        withTotalLength(UDP4, 27),
                        DROP,
                        MALFORMED),
                arrives(
                        "a UDP header alone is sound",
                        withTotalLength(UDP4, 28),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a total length that ends within the SCTP header is malformed",
                        withTotalLength(Envelope.of(OFFICE4, WEB4).carrying(sctp(SIGNALLING)), 31),
                        DROP,
                        MALFORMED),
                arrives(
                        "a total length that ends within ICMP's checksum is malformed",
                        withTotalLength(PING4, 23),
                        DROP,
                        MALFORMED),
                arrives(
                        "another protocol may end at the header",
                        withTotalLength(Envelope.of(OFFICE4, VAULT4).carrying(raw(47, 24)), 20),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a header length of four words is malformed",
                        withHeaderLength(TCP4, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "a header length of nothing is malformed",
                        withHeaderLength(TCP4, 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "a header length beyond the packet is malformed",
                        withHeaderLength(TCP4, 15),
                        DROP,
                        MALFORMED),
                arrives(
                        "a header length that swallows the ports leaves others",
                        withHeaderLength(Envelope.of(OFFICE4, OPEN4).carrying(tcp(WEB)), 6),
                        PASS,
                        OPEN),
                arrives("version 5 is malformed", withVersion(TCP4, 5), DROP, MALFORMED),
                arrives(
                        "version 6 in a frame of IPv4 is malformed",
                        withVersion(TCP4, 6),
                        DROP,
                        MALFORMED),
                arrives("version 0 is malformed", withVersion(TCP4, 0), DROP, MALFORMED),
                arrives(
                        "a malformed packet to an open resource passes",
                        withVersion(Envelope.of(STRANGER4, OPEN4).carrying(tcp(WEB)), 5),
                        PASS,
                        OPEN),
                arrives(
                        "a malformed packet to nobody's address passes",
                        withVersion(Envelope.of(STRANGER4, NOBODY4).carrying(tcp(WEB)), 5),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a malformed packet where only a blocklist could deny passes",
                        withVersion(Envelope.of(THREAT4, WATCHED4).carrying(tcp(WEB)), 5),
                        PASS,
                        OPEN),
                arrives(
                        "a malformed packet in audit mode passes, reported",
                        withVersion(Envelope.of(STRANGER4, AUDIT4).carrying(tcp(WEB)), 5),
                        Verdict.AUDIT,
                        MALFORMED),
                arrives(
                        "a malformed packet is not answered with a reset",
                        withVersion(Envelope.of(STRANGER4, RESET4).carrying(tcp(WEB)), 5),
                        DROP,
                        MALFORMED),
                arrives("no byte of an IPv6 header is malformed", cut(TCP6, IP), DROP, MALFORMED),
                arrives(
                        "an IPv6 header of 20 bytes is malformed",
                        cut(TCP6, IP + 20),
                        DROP,
                        MALFORMED),
                arrives(
                        "an IPv6 header that lacks its last byte is malformed",
                        cut(TCP6, IP + 39),
                        DROP,
                        MALFORMED),
                arrives(
                        "an IPv6 header alone, of a packet that says it is longer, is malformed",
                        cut(TCP6, IP + 40),
                        DROP,
                        MALFORMED),
                arrives(
                        "one byte too few is malformed over IPv6",
                        cut(TCP6, TCP6.length - 1),
                        DROP,
                        MALFORMED),
                arrives(
                        "a payload length of one too many is malformed",
                        withPayloadLength(TCP6, 21),
                        DROP,
                        MALFORMED),
                arrives(
                        "a payload length of 0 leaves no TCP header",
                        withPayloadLength(TCP6, 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "a payload length that ends within the TCP header is malformed",
                        withPayloadLength(TCP6, 19),
                        DROP,
                        MALFORMED),
                arrives(
                        "a payload length that ends within the UDP header is malformed",
                        withPayloadLength(UDP6, 7),
                        DROP,
                        MALFORMED),
                arrives(
                        "a UDP header alone is sound over IPv6",
                        withPayloadLength(UDP6, 8),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a payload length that ends within ICMPv6's checksum is malformed",
                        withPayloadLength(PING6, 3),
                        DROP,
                        MALFORMED),
                arrives(
                        "type, code and checksum are enough of ICMPv6",
                        withPayloadLength(PING6, 4),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "version 4 in a frame of IPv6 is malformed",
                        withVersion(TCP6, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "an extension header that is announced and not there is malformed",
                        withPayloadLength(withNextHeader(TCP6, 60), 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "an extension header of seven bytes is malformed",
                        withPayloadLength(withNextHeader(TCP6, 43), 7),
                        DROP,
                        MALFORMED),
                arrives(
                        "an extension header longer than the packet is malformed",
                        withExtensionLength(
                                Envelope.of(OFFICE6, WEB6).carrying(tcp(WEB).hopByHop()), 9),
                        DROP,
                        MALFORMED),
                arrives(
                        "an authentication header longer than the packet is malformed",
                        withExtensionLength(
                                Envelope.of(OFFICE6, WEB6).carrying(tcp(WEB).authentication(4)),
                                255),
                        DROP,
                        MALFORMED),
                arrives(
                        "a fragment header that is cut short is malformed",
                        withPayloadLength(withNextHeader(TCP6, 44), 7),
                        DROP,
                        MALFORMED),
                arrives(
                        "TCP read as a hop-by-hop header is malformed",
                        withNextHeader(TCP6, 0),
                        DROP,
                        MALFORMED),
                leaves(
                        "a total length of one too many is malformed on the way out",
                        withTotalLength(Envelope.of(VAULT4, OFFICE4).carrying(tcp(80)), 41),
                        DROP,
                        MALFORMED),
                leaves(
                        "a payload length of one too many is malformed on the way out",
                        withPayloadLength(Envelope.of(VAULT6, OFFICE6).carrying(tcp(80)), 21),
                        DROP,
                        MALFORMED),
                leaves(
                        "a header length of four words is malformed on the way out",
                        withHeaderLength(Envelope.of(VAULT4, OFFICE4).carrying(tcp(80)), 4),
                        DROP,
                        MALFORMED),
                leaves(
                        "a bad data offset is malformed on the way out",
                        withDataOffset(
                                Envelope.of(VAULT4, OFFICE4).carrying(tcp(80)), AFTER_IPV4, 4),
                        DROP,
                        MALFORMED),
                leaves(
                        "a malformed packet leaves an address that may send anything",
                        withVersion(Envelope.of(WEB4, OFFICE4).carrying(tcp(80)), 5),
                        PASS,
                        OPEN));
    }
}

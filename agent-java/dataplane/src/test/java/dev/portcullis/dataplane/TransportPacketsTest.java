// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.AFTER_IPV4;
import static dev.portcullis.dataplane.Bent.AFTER_IPV6;
import static dev.portcullis.dataplane.Bent.cut;
import static dev.portcullis.dataplane.Bent.padded;
import static dev.portcullis.dataplane.Bent.with;
import static dev.portcullis.dataplane.Bent.withDataOffset;
import static dev.portcullis.dataplane.Bent.withTotalLength;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.NOBODY4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.SSH;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.THREAT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WATCHED4;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.FAILSAFE;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import java.util.List;

/** TCP, UDP and SCTP: ports, and what their headers say of themselves. */
class TransportPacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);
    private static final Envelope FRIENDLY6 = Envelope.of(OFFICE6, WEB6);
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope STRANGE6 = Envelope.of(STRANGER6, WEB6);
    private static final Envelope TO_VAULT4 = Envelope.of(STRANGER4, VAULT4);
    private static final Envelope TO_VAULT6 = Envelope.of(STRANGER6, VAULT6);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "the port below the web port is nobody's",
                        STRANGE4.carrying(tcp(9199)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the port above it is, too",
                        STRANGE6.carrying(tcp(9201)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the web port of UDP is nobody's",
                        STRANGE4.carrying(udp(WEB)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the web port of SCTP is nobody's",
                        STRANGE6.carrying(sctp(WEB)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the DNS port of TCP is nobody's",
                        STRANGE6.carrying(tcp(DNS)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the DNS port of SCTP is nobody's",
                        STRANGE4.carrying(sctp(DNS)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the web port with its bytes swapped is nobody's",
                        STRANGE4.carrying(tcp(0xf023)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the source port is not looked at",
                        STRANGE4.carrying(tcp(WEB, 80, 0, 0)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "SSH is in the failsafe list over IPv4",
                        TO_VAULT4.carrying(tcp(SSH)),
                        PASS,
                        FAILSAFE),
                arrives(
                        "SSH is in the failsafe list over IPv6",
                        TO_VAULT6.carrying(tcp(SSH)),
                        PASS,
                        FAILSAFE),
                arrives(
                        "SSH from the source port 22 is judged by its destination",
                        TO_VAULT4.carrying(tcp(SSH, WEB, 0, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the failsafe port of UDP is not in it",
                        TO_VAULT4.carrying(udp(SSH)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the failsafe port of SCTP is not in it",
                        TO_VAULT6.carrying(sctp(SSH)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SSH passes a blocklist, too",
                        Envelope.of(THREAT4, WATCHED4).carrying(tcp(SSH)),
                        PASS,
                        FAILSAFE),
                arrives(
                        "SSH to nobody's address is nobody's",
                        Envelope.of(STRANGER4, NOBODY4).carrying(tcp(SSH)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "SSH behind IPv4 options is failsafe",
                        TO_VAULT4.options(24).carrying(tcp(SSH)),
                        PASS,
                        FAILSAFE),
                arrives(
                        "SSH behind extension headers is failsafe",
                        TO_VAULT6.carrying(tcp(SSH).destinationOptions().hopByHop()),
                        PASS,
                        FAILSAFE),
                arrives(
                        "port 0 of TCP is a port",
                        TO_VAULT4.carrying(tcp(0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "port 65535 of TCP is a port",
                        TO_VAULT6.carrying(tcp(65_535)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "port 0 of UDP is a port",
                        TO_VAULT4.carrying(udp(0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "port 65535 of SCTP is a port",
                        TO_VAULT6.carrying(sctp(65_535)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "TCP options change nothing",
                        STRANGE4.carrying(tcp(1, WEB, 20, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the most TCP options change nothing",
                        STRANGE6.carrying(tcp(1, WEB, 40, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send the most TCP options",
                        FRIENDLY4.carrying(tcp(1, WEB, 40, 0)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "data changes nothing over IPv4",
                        STRANGE4.carrying(tcp(1, WEB, 0, 1400)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "data changes nothing over IPv6",
                        FRIENDLY6.carrying(tcp(1, WEB, 0, 1400)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "options and data change nothing",
                        STRANGE4.carrying(tcp(1, WEB, 12, 500)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an acknowledgement is judged like a SYN",
                        with(STRANGE4.carrying(tcp(WEB)), AFTER_IPV4 + 13, 0x10),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an answer to a SYN that was never sent is denied",
                        with(STRANGE6.carrying(tcp(WEB)), AFTER_IPV6 + 13, 0x12),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a reset is judged like a SYN",
                        with(STRANGE4.carrying(tcp(WEB)), AFTER_IPV4 + 13, 0x04),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a segment with no flag is judged like a SYN",
                        with(STRANGE6.carrying(tcp(WEB)), AFTER_IPV6 + 13, 0),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a segment with all flags is judged like a SYN",
                        with(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4 + 13, 0xff),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the reserved bits have no say",
                        with(STRANGE4.carrying(tcp(WEB)), AFTER_IPV4 + 12, 0x5f),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a wrong checksum of TCP has no say",
                        with(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4 + 16, 0xde, 0xad),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a data offset of four words is malformed over IPv4",
                        withDataOffset(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "a data offset of four words is malformed over IPv6",
                        withDataOffset(FRIENDLY6.carrying(tcp(WEB)), AFTER_IPV6, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "a data offset of nothing is malformed",
                        withDataOffset(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4, 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "a data offset one word behind the end is malformed",
                        withDataOffset(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4, 6),
                        DROP,
                        MALFORMED),
                arrives(
                        "a data offset at the end is sound",
                        withDataOffset(FRIENDLY6.carrying(tcp(1, WEB, 0, 40)), AFTER_IPV6, 15),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a data offset into the padding is malformed",
                        padded(withDataOffset(FRIENDLY4.carrying(tcp(WEB)), AFTER_IPV4, 6), 20),
                        DROP,
                        MALFORMED),
                arrives(
                        "a bad data offset to an unprotected port is malformed where another is protected",
                        withDataOffset(STRANGE4.carrying(tcp(80)), AFTER_IPV4, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "a bad data offset to a failsafe port is malformed",
                        withDataOffset(TO_VAULT4.carrying(tcp(SSH)), AFTER_IPV4, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "UDP without data is whole",
                        STRANGE4.carrying(udp(1, DNS, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "UDP with much data is denied",
                        STRANGE6.carrying(udp(1, DNS, 1400)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a UDP length of 0 has no say",
                        with(FRIENDLY4.carrying(udp(DNS)), AFTER_IPV4 + 4, 0, 0),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a UDP length beyond the packet has no say",
                        with(STRANGE4.carrying(udp(DNS)), AFTER_IPV4 + 4, 0xff, 0xff),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a UDP checksum of 0 has no say, even over IPv6",
                        with(FRIENDLY6.carrying(udp(DNS)), AFTER_IPV6 + 6, 0, 0),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "SCTP without a chunk is whole",
                        cut(withTotalLength(STRANGE4.carrying(sctp(SIGNALLING)), 32), 46),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a verification tag has no say",
                        with(FRIENDLY6.carrying(sctp(SIGNALLING)), AFTER_IPV6 + 4, 1, 2, 3, 4),
                        PASS,
                        POLICY_MATCH));
    }
}

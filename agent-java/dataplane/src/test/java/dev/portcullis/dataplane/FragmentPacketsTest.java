// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.AFTER_IPV4;
import static dev.portcullis.dataplane.Bent.AFTER_IPV6;
import static dev.portcullis.dataplane.Bent.with;
import static dev.portcullis.dataplane.Bent.withDataOffset;
import static dev.portcullis.dataplane.Envelope.VLAN;
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
import static dev.portcullis.dataplane.SuiteHost.RESOLVER4;
import static dev.portcullis.dataplane.SuiteHost.RESOLVER6;
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
import static dev.portcullis.policy.model.Reason.BLOCKLIST;
import static dev.portcullis.policy.model.Reason.FAILSAFE;
import static dev.portcullis.policy.model.Reason.FRAGMENT;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;

/** Fragments of both families: what the first one says, those after it follow. */
class FragmentPacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope FRIENDLY6 = Envelope.of(OFFICE6, WEB6);
    private static final Envelope STRANGE6 = Envelope.of(STRANGER6, WEB6);
    private static final Layer MORE_TCP = raw(6, 32);
    private static final Layer MORE_UDP = raw(17, 32);
    private static final Layer MORE_SCTP = raw(132, 32);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "a first fragment of TCP has its port",
                        STRANGE4.fragment(7, 0, true).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment of UDP has its port",
                        STRANGE4.fragment(7, 0, true).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment of SCTP has its port",
                        STRANGE4.fragment(7, 0, true).carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment of a ping has its type",
                        STRANGE4.fragment(7, 0, true).carrying(icmp(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment from the office is let in",
                        FRIENDLY4.fragment(7, 0, true).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a first fragment to a port of nobody's passes",
                        STRANGE4.fragment(7, 0, true).carrying(udp(80)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a first fragment to a failsafe port passes",
                        Envelope.of(STRANGER4, VAULT4).fragment(7, 0, true).carrying(tcp(SSH)),
                        PASS,
                        FAILSAFE),
                arrives(
                        "eight bytes of TCP are enough for a first fragment",
                        STRANGE4.fragment(7, 0, true).carrying(tcp(WEB).first(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "eight bytes of TCP from the office are let in",
                        FRIENDLY4.fragment(7, 0, true).carrying(tcp(WEB).first(8)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the ports of UDP alone are enough",
                        FRIENDLY4.fragment(7, 0, true).carrying(udp(DNS).first(4)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the ports of SCTP alone are enough",
                        STRANGE4.fragment(7, 0, true).carrying(sctp(SIGNALLING).first(4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the type of a ping alone is enough",
                        FRIENDLY4.fragment(7, 0, true).carrying(icmp(8).first(1)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a first fragment too short for the ports of TCP is malformed",
                        FRIENDLY4.fragment(7, 0, true).carrying(tcp(WEB).first(3)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a first fragment too short for the ports of UDP is malformed",
                        FRIENDLY4.fragment(7, 0, true).carrying(udp(DNS).first(2)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a first fragment with nothing of SCTP is malformed",
                        FRIENDLY4.fragment(7, 0, true).carrying(sctp(SIGNALLING).first(0)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a first fragment with nothing of ICMP is malformed",
                        FRIENDLY4.fragment(7, 0, true).carrying(icmp(8).first(0)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a first fragment with nothing of another protocol is not",
                        Envelope.of(OFFICE4, VAULT4).fragment(7, 0, true).carrying(raw(47, 0)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a whole TCP header in a first fragment has to be sound",
                        withDataOffset(
                                FRIENDLY4.fragment(7, 0, true).carrying(tcp(WEB)), AFTER_IPV4, 4),
                        DROP,
                        MALFORMED),
                arrives(
                        "but its options may be in the next",
                        withDataOffset(
                                FRIENDLY4.fragment(7, 0, true).carrying(tcp(WEB)), AFTER_IPV4, 15),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a later fragment whose first was not seen is denied where TCP is protected",
                        STRANGE4.fragment(7, 3, true).carrying(MORE_TCP),
                        DROP,
                        FRAGMENT),
                arrives(
                        "so it is from the office, which can't be told",
                        FRIENDLY4.fragment(7, 3, false).carrying(MORE_UDP),
                        DROP,
                        FRAGMENT),
                arrives(
                        "and where SCTP is protected",
                        STRANGE4.fragment(7, 3, false).carrying(MORE_SCTP),
                        DROP,
                        FRAGMENT),
                arrives(
                        "and where ICMP is",
                        STRANGE4.fragment(7, 3, false).carrying(raw(1, 32)),
                        DROP,
                        FRAGMENT),
                arrives(
                        "but not of a protocol that nobody protects",
                        STRANGE4.fragment(7, 3, false).carrying(raw(47, 32)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a later one to nobody's address passes",
                        Envelope.of(STRANGER4, NOBODY4).fragment(7, 3, false).carrying(MORE_UDP),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a later one to an open resource passes",
                        Envelope.of(STRANGER4, OPEN4).fragment(7, 3, false).carrying(MORE_UDP),
                        PASS,
                        OPEN),
                arrives(
                        "a later one passes in audit mode, reported",
                        Envelope.of(STRANGER4, AUDIT4).fragment(7, 3, false).carrying(MORE_UDP),
                        Verdict.AUDIT,
                        FRAGMENT),
                arrives(
                        "a later one passes where only a blocklist could deny",
                        Envelope.of(THREAT4, WATCHED4).fragment(7, 3, false).carrying(MORE_UDP),
                        PASS,
                        OPEN),
                arrives(
                        "a later one of no bytes is one",
                        STRANGE4.fragment(7, 1, false).carrying(raw(17, 0)),
                        DROP,
                        FRAGMENT),
                arrives(
                        "the last place in a datagram is one",
                        STRANGE4.fragment(7, 8191, false).carrying(MORE_UDP),
                        DROP,
                        FRAGMENT),
                arrives(
                                "a later one that follows the office's first one is let in",
                                FRIENDLY4.fragment(8, 4, false).carrying(MORE_UDP),
                                PASS,
                                POLICY_MATCH)
                        .after(FRIENDLY4.fragment(8, 0, true).carrying(udp(DNS))),
                arrives(
                                "a later one that follows a stranger's is denied for the same reason",
                                STRANGE4.fragment(8, 4, false).carrying(MORE_UDP),
                                DROP,
                                NO_POLICY_MATCH)
                        .after(STRANGE4.fragment(8, 0, true).carrying(udp(DNS))),
                arrives(
                                "one that follows a port of nobody's passes",
                                STRANGE4.fragment(8, 4, false).carrying(MORE_TCP),
                                PASS,
                                NO_RESOURCE)
                        .after(STRANGE4.fragment(8, 0, true).carrying(tcp(80))),
                arrives(
                                "one that follows a failsafe port passes",
                                Envelope.of(STRANGER4, VAULT4)
                                        .fragment(8, 4, false)
                                        .carrying(MORE_TCP),
                                PASS,
                                FAILSAFE)
                        .after(
                                Envelope.of(STRANGER4, VAULT4)
                                        .fragment(8, 0, true)
                                        .carrying(tcp(SSH))),
                arrives(
                                "one that follows who is in a blocklist is denied",
                                Envelope.of(THREAT4, WATCHED4)
                                        .fragment(8, 4, false)
                                        .carrying(MORE_UDP),
                                DROP,
                                BLOCKLIST)
                        .after(
                                Envelope.of(THREAT4, WATCHED4)
                                        .fragment(8, 0, true)
                                        .carrying(udp(DNS))),
                arrives(
                                "a middle one follows, too, in a VLAN",
                                FRIENDLY4.tagged(VLAN).fragment(8, 4, true).carrying(MORE_SCTP),
                                PASS,
                                POLICY_MATCH)
                        .after(
                                FRIENDLY4
                                        .tagged(VLAN)
                                        .fragment(8, 0, true)
                                        .carrying(sctp(SIGNALLING))),
                arrives(
                        "a first fragment over IPv6 has its port",
                        STRANGE6.carrying(tcp(WEB).fragment(7, 0, true)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment from the office is let in over IPv6",
                        FRIENDLY6.carrying(udp(DNS).fragment(7, 0, true)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a first fragment of a ping has its type over IPv6",
                        STRANGE6.carrying(icmpv6(128).fragment(7, 0, true)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "headers around the fragment header hide no port",
                        STRANGE6.carrying(
                                udp(DNS).destinationOptions().fragment(7, 0, true).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a first fragment that ends in its headers is malformed",
                        FRIENDLY6.carrying(
                                udp(DNS).destinationOptions(14).first(8).fragment(7, 0, true)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a first fragment too short for its ports is malformed over IPv6",
                        FRIENDLY6.carrying(tcp(WEB).first(3).fragment(7, 0, true)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a later fragment whose first was not seen is denied over IPv6",
                        FRIENDLY6.carrying(MORE_UDP.fragment(7, 3, true)),
                        DROP,
                        FRAGMENT),
                arrives(
                        "but not of a protocol that nobody protects, over IPv6",
                        STRANGE6.carrying(raw(47, 32).fragment(7, 3, true)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a later one behind other headers is denied",
                        STRANGE6.carrying(MORE_TCP.fragment(7, 3, false).routing().hopByHop()),
                        DROP,
                        FRAGMENT),
                arrives(
                                "a later one that follows the office's first one is let in over IPv6",
                                FRIENDLY6.carrying(MORE_UDP.fragment(8, 4, false)),
                                PASS,
                                POLICY_MATCH)
                        .after(FRIENDLY6.carrying(udp(DNS).fragment(8, 0, true))),
                arrives(
                                "a later one that follows a stranger's is denied over IPv6",
                                STRANGE6.carrying(MORE_SCTP.fragment(8, 4, true)),
                                DROP,
                                NO_POLICY_MATCH)
                        .after(STRANGE6.carrying(sctp(SIGNALLING).fragment(8, 0, true))),
                arrives(
                        "reserved bits beside the offset have no say",
                        with(
                                STRANGE6.carrying(MORE_UDP.fragment(7, 3, false)),
                                AFTER_IPV6 + 1,
                                0xff,
                                0,
                                0x1e),
                        DROP,
                        FRAGMENT),
                arrives(
                        "a fragment inside of a first fragment is a later one",
                        STRANGE6.carrying(MORE_UDP.fragment(6, 3, false).fragment(7, 0, true)),
                        DROP,
                        FRAGMENT),
                leaves(
                        "a first fragment leaves where its port may",
                        Envelope.of(VAULT4, RESOLVER4).fragment(9, 0, true).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "a first fragment to another port does not",
                        Envelope.of(VAULT6, RESOLVER6).carrying(udp(80).fragment(9, 0, true)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                                "a later one follows it out",
                                Envelope.of(VAULT4, RESOLVER4)
                                        .fragment(9, 4, false)
                                        .carrying(MORE_UDP),
                                PASS,
                                POLICY_MATCH)
                        .after(
                                Envelope.of(VAULT4, RESOLVER4)
                                        .fragment(9, 0, true)
                                        .carrying(udp(DNS))),
                leaves(
                        "a later one alone does not leave",
                        Envelope.of(VAULT6, RESOLVER6).carrying(MORE_UDP.fragment(9, 4, false)),
                        DROP,
                        FRAGMENT));
    }
}

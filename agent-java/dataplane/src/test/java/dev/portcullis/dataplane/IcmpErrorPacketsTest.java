// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

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
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.RELATED;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.Arrays;
import java.util.List;

/** ICMP errors: they pass for what they quote. */
class IcmpErrorPacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope STRANGE6 = Envelope.of(STRANGER6, WEB6);

    /** What the web server has sent to the office, and to a stranger. */
    private static final Envelope TO_OFFICE4 = Envelope.of(WEB4, OFFICE4);

    private static final Envelope TO_OFFICE6 = Envelope.of(WEB6, OFFICE6);
    private static final Envelope TO_STRANGER4 = Envelope.of(WEB4, STRANGER4);
    private static final Envelope TO_STRANGER6 = Envelope.of(WEB6, STRANGER6);
    private static final Layer ANSWER = tcp(WEB, Layer.CLIENT_PORT, 0, 100);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "a redirect is no error that passes",
                        STRANGE4.carrying(icmp(5, error(TO_OFFICE4.quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a source quench is none either",
                        STRANGE4.carrying(icmp(4, error(TO_OFFICE4.quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "unreachable, about an answer to the office, passes",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "time exceeded, about an answer to the office, passes",
                        STRANGE4.carrying(icmp(11, error(TO_OFFICE4.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "parameter problem, about an answer to the office, passes",
                        STRANGE4.carrying(icmp(12, error(TO_OFFICE4.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "unreachable, about an answer to a stranger, is denied",
                        STRANGE4.carrying(icmp(3, error(TO_STRANGER4.quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "about a datagram to the office it passes",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.quoting(udp(DNS, 5000, 8))))),
                        PASS,
                        RELATED),
                arrives(
                        "about a datagram to a stranger it is denied",
                        STRANGE4.carrying(icmp(3, error(TO_STRANGER4.quoting(udp(DNS, 5000, 8))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "about SCTP to the office it passes",
                        STRANGE4.carrying(
                                icmp(3, error(TO_OFFICE4.quoting(sctp(SIGNALLING, 5000))))),
                        PASS,
                        RELATED),
                arrives(
                        "about a ping of the office it passes",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.quoting(icmp(0))))),
                        PASS,
                        RELATED),
                arrives(
                        "about a ping of a stranger it is denied",
                        STRANGE4.carrying(icmp(3, error(TO_STRANGER4.quoting(icmp(0))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "about a port of nobody's it passes: whoever talks to that is let in",
                        STRANGE4.carrying(
                                icmp(3, error(TO_STRANGER4.quoting(tcp(80, 5000, 0, 0))))),
                        PASS,
                        RELATED),
                arrives(
                        "an error from the office that quotes nothing is let in as ICMP",
                        FRIENDLY4.carrying(icmp(3)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "an error that quotes nothing is denied",
                        STRANGE4.carrying(icmp(3)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an error about an error quotes no conversation",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.quoting(icmp(3))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an error about GRE quotes no conversation",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.quoting(raw(47, 30))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the least that is quoted is enough: eight bytes behind the header",
                        STRANGE4.carrying(
                                icmp(3, error(Arrays.copyOf(TO_OFFICE4.quoting(ANSWER), 28)))),
                        PASS,
                        RELATED),
                arrives(
                        "the ports alone are enough",
                        STRANGE4.carrying(
                                icmp(3, error(Arrays.copyOf(TO_OFFICE4.quoting(ANSWER), 24)))),
                        PASS,
                        RELATED),
                arrives(
                        "less is not",
                        STRANGE4.carrying(
                                icmp(3, error(Arrays.copyOf(TO_OFFICE4.quoting(ANSWER), 23)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "options in the quoted header hide no ports",
                        STRANGE4.carrying(icmp(3, error(TO_OFFICE4.options(12).quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "a quoted later fragment has no ports",
                        STRANGE4.carrying(
                                icmp(
                                        3,
                                        error(
                                                TO_OFFICE4
                                                        .fragment(7, 3, false)
                                                        .quoting(raw(6, 40))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an error about what another host has sent is denied",
                        STRANGE4.carrying(
                                icmp(3, error(Envelope.of(OPEN4, OFFICE4).quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an error about what this host was sent is denied",
                        STRANGE4.carrying(
                                icmp(3, error(Envelope.of(OFFICE4, WEB4).quoting(tcp(WEB))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an ICMP error can't quote IPv6, not even from an address that begins like the host's",
                        STRANGE4.carrying(
                                icmp(3, error(Envelope.of("a00:1::", OFFICE6).quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "too big, about an answer to the office, passes",
                        STRANGE6.carrying(icmpv6(2, error(TO_OFFICE6.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "unreachable, about an answer to the office, passes over IPv6",
                        STRANGE6.carrying(icmpv6(1, error(TO_OFFICE6.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "time exceeded, about an answer to the office, passes over IPv6",
                        STRANGE6.carrying(icmpv6(3, error(TO_OFFICE6.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "parameter problem, about an answer to the office, passes over IPv6",
                        STRANGE6.carrying(icmpv6(4, error(TO_OFFICE6.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "too big, about an answer to a stranger, is denied",
                        STRANGE6.carrying(icmpv6(2, error(TO_STRANGER6.quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "too big, about a datagram to the office, passes",
                        STRANGE6.carrying(icmpv6(2, error(TO_OFFICE6.quoting(udp(DNS, 5000, 8))))),
                        PASS,
                        RELATED),
                arrives(
                        "extension headers in the quoted packet hide no ports",
                        STRANGE6.carrying(
                                icmpv6(
                                        2,
                                        error(
                                                TO_OFFICE6.quoting(
                                                        ANSWER.destinationOptions().hopByHop())))),
                        PASS,
                        RELATED),
                arrives(
                        "nine of them are malformed there, too",
                        STRANGE6.carrying(icmpv6(2, error(TO_OFFICE6.quoting(nine(ANSWER))))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a quoted whole fragment has its ports",
                        STRANGE6.carrying(
                                icmpv6(2, error(TO_OFFICE6.quoting(ANSWER.fragment(7, 0, false))))),
                        PASS,
                        RELATED),
                arrives(
                        "an error behind extension headers passes",
                        STRANGE6.carrying(
                                icmpv6(2, error(TO_OFFICE6.quoting(ANSWER))).destinationOptions()),
                        PASS,
                        RELATED),
                arrives(
                        "an error in a VLAN passes",
                        STRANGE6.tagged(VLAN)
                                .carrying(icmpv6(2, error(TO_OFFICE6.quoting(ANSWER)))),
                        PASS,
                        RELATED),
                arrives(
                        "an ICMPv6 error can't quote IPv4",
                        STRANGE6.carrying(icmpv6(1, error(TO_OFFICE4.quoting(ANSWER)))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "in audit mode nothing that is only reported counts as allowed",
                        Envelope.of(STRANGER4, AUDIT4)
                                .carrying(
                                        icmp(
                                                3,
                                                error(
                                                        Envelope.of(AUDIT4, STRANGER4)
                                                                .quoting(ANSWER)))),
                        Verdict.AUDIT,
                        NO_POLICY_MATCH),
                arrives(
                        "an error to nobody's address is nobody's",
                        Envelope.of(STRANGER4, NOBODY4)
                                .carrying(
                                        icmp(
                                                3,
                                                error(
                                                        Envelope.of(NOBODY4, OFFICE4)
                                                                .quoting(ANSWER)))),
                        PASS,
                        NO_RESOURCE),
                leaves(
                        "unreachable, about what the office has sent, leaves",
                        Envelope.of(VAULT4, STRANGER4)
                                .carrying(
                                        icmp(
                                                3,
                                                error(
                                                        Envelope.of(OFFICE4, VAULT4)
                                                                .quoting(udp(80))))),
                        PASS,
                        RELATED),
                leaves(
                        "about what a stranger has sent it does not",
                        Envelope.of(VAULT4, STRANGER4)
                                .carrying(
                                        icmp(
                                                3,
                                                error(
                                                        Envelope.of(STRANGER4, VAULT4)
                                                                .quoting(udp(80))))),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "unreachable, about what the office has sent, leaves over IPv6",
                        Envelope.of(VAULT6, STRANGER6)
                                .carrying(
                                        icmpv6(
                                                1,
                                                error(
                                                        Envelope.of(OFFICE6, VAULT6)
                                                                .quoting(udp(80))))),
                        PASS,
                        RELATED));
    }

    /** Four bytes that an error has before what it quotes. */
    private static byte[] error(byte[] quoted) {
        byte[] content = new byte[4 + quoted.length];
        System.arraycopy(quoted, 0, content, 4, quoted.length);
        return content;
    }

    private static Layer nine(Layer inner) {
        Layer layer = inner;
        for (int i = 0; i < 9; i++) {
            layer = layer.destinationOptions();
        }
        return layer;
    }
}

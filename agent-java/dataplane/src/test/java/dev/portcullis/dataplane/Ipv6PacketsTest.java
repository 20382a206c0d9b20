// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.IP;
import static dev.portcullis.dataplane.Bent.padded;
import static dev.portcullis.dataplane.Bent.with;
import static dev.portcullis.dataplane.Layer.icmp;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.AUDIT6;
import static dev.portcullis.dataplane.SuiteHost.BOTH6;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.LOST6;
import static dev.portcullis.dataplane.SuiteHost.NOBODY6;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.OPEN6;
import static dev.portcullis.dataplane.SuiteHost.RESET6;
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.THREAT6;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WATCHED6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.BLOCKLIST;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;

/** IPv6 headers, and the protocols right behind them. */
class Ipv6PacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY = Envelope.of(OFFICE6, WEB6);
    private static final Envelope STRANGE = Envelope.of(STRANGER6, WEB6);
    private static final Envelope TO_VAULT = Envelope.of(STRANGER6, VAULT6);

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
                        FRIENDLY.carrying(icmpv6(128)),
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
                        STRANGE.carrying(icmpv6(128)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the first address of the office's prefix is let in",
                        Envelope.of("2001:db8:f::", WEB6).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the last one is, too",
                        Envelope.of("2001:db8:f:ffff:ffff:ffff:ffff:ffff", WEB6).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the one before it is a stranger's",
                        Envelope.of("2001:db8:e:ffff:ffff:ffff:ffff:ffff", WEB6).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "and the one after it",
                        Envelope.of("2001:db8:10::", WEB6).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an address with an IPv4 address of the office inside is a stranger",
                        Envelope.of("64:ff9b::203.0.113.7", WEB6).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an address that no resource selects is reached",
                        Envelope.of(STRANGER6, NOBODY6).carrying(tcp(WEB)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "an open resource is reached by TCP",
                        Envelope.of(STRANGER6, OPEN6).carrying(tcp(WEB)),
                        PASS,
                        OPEN),
                arrives(
                        "an open resource is reached by any protocol",
                        Envelope.of(STRANGER6, OPEN6).carrying(raw(253, 20)),
                        PASS,
                        OPEN),
                arrives(
                        "in audit mode a stranger passes, reported",
                        Envelope.of(STRANGER6, AUDIT6).carrying(tcp(WEB)),
                        Verdict.AUDIT,
                        NO_POLICY_MATCH),
                arrives(
                        "in audit mode the office passes without a report",
                        Envelope.of(OFFICE6, AUDIT6).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "who is in the blocklist of an open resource is denied",
                        Envelope.of(THREAT6, WATCHED6).carrying(tcp(WEB)),
                        DROP,
                        BLOCKLIST),
                arrives(
                        "and nobody else",
                        Envelope.of(STRANGER6, WATCHED6).carrying(tcp(WEB)),
                        PASS,
                        OPEN),
                arrives(
                        "who is in the blocklist is denied though the office's policy would let in",
                        Envelope.of(LOST6, BOTH6).carrying(udp(DNS)),
                        DROP,
                        BLOCKLIST),
                arrives(
                        "who is in the office is let in behind a blocklist",
                        Envelope.of(OFFICE6, BOTH6).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "one who is to be sent away with a reset is denied",
                        Envelope.of(STRANGER6, RESET6).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a link-local neighbour is a stranger",
                        Envelope.of("fe80::7", "fe80::2").carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "multicast is denied where a resource names it",
                        Envelope.of(STRANGER6, "ff02::fb").carrying(udp(5353)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "multicast of the office is let in",
                        Envelope.of(OFFICE6, "ff02::fb").carrying(udp(5353)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "GRE is judged by its outer header",
                        TO_VAULT.carrying(raw(47, 24)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "IPv4 in IPv6 is judged by its outer header",
                        Envelope.of(OFFICE6, VAULT6).carrying(raw(4, 40)),
                        PASS,
                        POLICY_MATCH),
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
                arrives("ICMP in IPv6 is no ICMPv6", STRANGE.carrying(icmp(8)), PASS, NO_RESOURCE),
                arrives(
                        "ICMP in IPv6 is denied where everything is",
                        TO_VAULT.carrying(icmp(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "no next header is a protocol",
                        TO_VAULT.carrying(raw(59, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "no next header may be followed by what nobody reads",
                        STRANGE.carrying(raw(59, 30)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the mobility header is no extension header here",
                        STRANGE.carrying(raw(135, 40)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "HIP is a protocol of its own",
                        TO_VAULT.carrying(raw(139, 40)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "shim6 is a protocol of its own",
                        STRANGE.carrying(raw(140, 40)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "protocol 255 is one like any other",
                        TO_VAULT.carrying(raw(255, 4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "padding behind the packet changes nothing",
                        padded(STRANGE.carrying(udp(DNS)), 40),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a hop limit of 0 has no say",
                        FRIENDLY.hops(0).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a traffic class has no say",
                        with(STRANGE.carrying(tcp(WEB)), IP, 0x6b, 0x80),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a flow label has no say",
                        with(FRIENDLY.carrying(tcp(WEB)), IP + 1, 0x0f, 0xff, 0xff),
                        PASS,
                        POLICY_MATCH));
    }
}

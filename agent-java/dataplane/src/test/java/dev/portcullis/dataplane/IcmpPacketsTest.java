// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Layer.icmp;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import java.util.List;

/** ICMP and ICMPv6 but for errors that quote something: what asks, and what answers. */
class IcmpPacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope STRANGE6 = Envelope.of(STRANGER6, WEB6);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "an echo reply from the office is let in",
                        FRIENDLY4.carrying(icmp(0)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "an echo reply that nobody asked for is denied",
                        STRANGE4.carrying(icmp(0)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a timestamp request is denied",
                        STRANGE4.carrying(icmp(13)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a router advertisement of IPv4 is denied",
                        STRANGE4.carrying(icmp(9)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a type that has no name is denied",
                        STRANGE4.carrying(icmp(255)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an echo reply that nobody asked for is denied over IPv6",
                        STRANGE6.carrying(icmpv6(129)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a node information query is denied",
                        STRANGE6.carrying(icmpv6(139)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a type of ICMPv6 that has no name is denied",
                        STRANGE6.carrying(icmpv6(255)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the types of neighbour discovery mean nothing in IPv4",
                        STRANGE4.hops(255).carrying(icmp(135)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "a ping to the office leaves",
                        Envelope.of(VAULT6, OFFICE6).carrying(icmpv6(128)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "a ping to a stranger does not",
                        Envelope.of(VAULT6, STRANGER6).carrying(icmpv6(128)),
                        DROP,
                        NO_POLICY_MATCH));
    }
}

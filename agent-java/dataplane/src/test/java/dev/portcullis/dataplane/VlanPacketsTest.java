// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Envelope.SERVICE_VLAN;
import static dev.portcullis.dataplane.Envelope.VLAN;
import static dev.portcullis.dataplane.Layer.icmp;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.HTTPS;
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
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import java.util.List;

/** VLAN tags: up to two, whatever is behind them. */
class VlanPacketsTest extends PacketSuite {
    private static final Envelope STRANGE4 = Envelope.of(STRANGER4, WEB4);
    private static final Envelope STRANGE6 = Envelope.of(STRANGER6, WEB6);
    private static final Envelope FRIENDLY4 = Envelope.of(OFFICE4, WEB4);
    private static final Envelope FRIENDLY6 = Envelope.of(OFFICE6, WEB6);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "the office reaches the web port over IPv4",
                        FRIENDLY4.carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the office reaches the web port over IPv6",
                        FRIENDLY6.carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a stranger does not over IPv4",
                        STRANGE4.carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a stranger does not over IPv6",
                        STRANGE6.carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office in a VLAN is let in over IPv4",
                        FRIENDLY4.tagged(VLAN).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the office in a VLAN is let in over IPv6",
                        FRIENDLY6.tagged(VLAN).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "TCP in a VLAN is denied over IPv4",
                        STRANGE4.tagged(VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "TCP in a VLAN is denied over IPv6",
                        STRANGE6.tagged(VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "UDP in a VLAN is denied over IPv4",
                        STRANGE4.tagged(VLAN).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "UDP in a VLAN is denied over IPv6",
                        STRANGE6.tagged(VLAN).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SCTP in a VLAN is denied over IPv4",
                        STRANGE4.tagged(VLAN).carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SCTP in a VLAN is denied over IPv6",
                        STRANGE6.tagged(VLAN).carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a ping in a VLAN is denied over IPv4",
                        STRANGE4.tagged(VLAN).carrying(icmp(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a ping in a VLAN is denied over IPv6",
                        STRANGE6.tagged(VLAN).carrying(icmpv6(128)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a port of nobody's in a VLAN passes",
                        STRANGE4.tagged(VLAN).carrying(tcp(80)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "TCP in a provider's VLAN is denied",
                        STRANGE4.tagged(SERVICE_VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "TCP over IPv6 in a provider's VLAN is denied",
                        STRANGE6.tagged(SERVICE_VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a priority tag, VLAN 0, changes nothing",
                        Bent.with(STRANGE4.tagged(VLAN).carrying(tcp(WEB)), 14, 0xe0, 0),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a frame to an open resource in a VLAN passes",
                        Envelope.of(STRANGER4, OPEN4).tagged(VLAN).carrying(tcp(WEB)),
                        PASS,
                        OPEN),
                arrives(
                        "the office in two VLANs is let in over IPv4",
                        FRIENDLY4.tagged(SERVICE_VLAN, VLAN).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "the office in two VLANs is let in over IPv6",
                        FRIENDLY6.tagged(SERVICE_VLAN, VLAN).carrying(tcp(WEB)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "TCP in two VLANs is denied over IPv4",
                        STRANGE4.tagged(SERVICE_VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "TCP in two VLANs is denied over IPv6",
                        STRANGE6.tagged(SERVICE_VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "UDP in two VLANs is denied",
                        STRANGE4.tagged(SERVICE_VLAN, VLAN).carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "SCTP in two VLANs is denied",
                        STRANGE6.tagged(SERVICE_VLAN, VLAN).carrying(sctp(SIGNALLING)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "two tags of 802.1Q are as good",
                        STRANGE4.tagged(VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "and two of 802.1ad",
                        STRANGE4.tagged(SERVICE_VLAN, SERVICE_VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "and the two the wrong way round",
                        STRANGE4.tagged(VLAN, SERVICE_VLAN).carrying(tcp(WEB)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "three tags are malformed, whoever sends them",
                        FRIENDLY4.tagged(VLAN, VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        MALFORMED),
                arrives(
                        "three tags are malformed over IPv6",
                        FRIENDLY6.tagged(SERVICE_VLAN, VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        MALFORMED),
                arrives(
                        "three tags are malformed even where nobody's address is behind them",
                        Envelope.of(STRANGER4, NOBODY4).tagged(VLAN, VLAN, VLAN).carrying(tcp(WEB)),
                        DROP,
                        MALFORMED),
                arrives(
                        "eight tags are malformed",
                        FRIENDLY4
                                .tagged(VLAN, VLAN, VLAN, VLAN, VLAN, VLAN, VLAN, VLAN)
                                .carrying(tcp(WEB)),
                        DROP,
                        MALFORMED),
                arrives(
                        "a tag that is cut short is malformed",
                        Bent.cut(FRIENDLY4.tagged(VLAN).carrying(tcp(WEB)), 16),
                        DROP,
                        MALFORMED),
                arrives(
                        "a tag that is announced and not there is malformed",
                        Bent.cut(FRIENDLY4.tagged(VLAN).carrying(tcp(WEB)), 14),
                        DROP,
                        MALFORMED),
                arrives(
                        "a second tag that is cut short is malformed",
                        Bent.cut(FRIENDLY4.tagged(VLAN, VLAN).carrying(tcp(WEB)), 21),
                        DROP,
                        MALFORMED),
                arrives(
                        "a header cut short behind a tag is malformed",
                        Bent.cut(FRIENDLY4.tagged(VLAN).carrying(tcp(WEB)), 30),
                        DROP,
                        MALFORMED),
                leaves(
                        "the vault reaches HTTPS from a VLAN",
                        Envelope.of(VAULT4, STRANGER4).tagged(VLAN).carrying(tcp(HTTPS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "but no other port",
                        Envelope.of(VAULT4, STRANGER4).tagged(VLAN).carrying(tcp(80)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "the vault reaches HTTPS over IPv6 from two VLANs",
                        Envelope.of(VAULT6, STRANGER6)
                                .tagged(SERVICE_VLAN, VLAN)
                                .carrying(tcp(HTTPS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "but no other port from there",
                        Envelope.of(VAULT6, STRANGER6).tagged(SERVICE_VLAN, VLAN).carrying(tcp(80)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "three tags are malformed on the way out",
                        Envelope.of(VAULT4, STRANGER4)
                                .tagged(VLAN, VLAN, VLAN)
                                .carrying(tcp(HTTPS)),
                        DROP,
                        MALFORMED));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.withPayloadLength;
import static dev.portcullis.dataplane.Bent.withTotalLength;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import java.util.List;

/** Frames of more than a page, and of more than an IP header can tell the length of (BIG TCP). */
class BigPacketsTest extends PacketSuite {
    private static final Layer PAGES = tcp(1, WEB, 0, 9_000);
    private static final Layer LONG = tcp(1, WEB, 0, 65_400);
    private static final Layer BIG = tcp(1, WEB, 0, 66_000);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "a jumbo frame from the office is let in over IPv4",
                        Envelope.of(OFFICE4, WEB4).carrying(PAGES),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a jumbo frame from a stranger is denied over IPv6",
                        Envelope.of(STRANGER6, WEB6).carrying(PAGES),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a jumbo frame that claims a byte more is malformed",
                        withTotalLength(Envelope.of(OFFICE4, WEB4).carrying(PAGES), 9_041),
                        DROP,
                        MALFORMED),
                arrives(
                        "a jumbo frame behind long extension headers is read",
                        Envelope.of(STRANGER6, WEB6).carrying(PAGES.destinationOptions(2046)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a packet of nearly the most that a header can tell is read",
                        Envelope.of(OFFICE6, WEB6).carrying(LONG),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "it is malformed if it claims no length",
                        withTotalLength(Envelope.of(OFFICE4, WEB4).carrying(LONG), 0),
                        DROP,
                        MALFORMED),
                arrives(
                        "a packet of more claims none, and is read over IPv4",
                        withTotalLength(Envelope.of(OFFICE4, WEB4).carrying(BIG), 0),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "one from a stranger is denied over IPv4",
                        withTotalLength(Envelope.of(STRANGER4, WEB4).carrying(BIG), 0),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a packet of more claims none, and is read over IPv6",
                        withPayloadLength(Envelope.of(OFFICE6, WEB6).carrying(BIG), 0),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "one from a stranger is denied over IPv6",
                        withPayloadLength(Envelope.of(STRANGER6, WEB6).carrying(BIG), 0),
                        DROP,
                        NO_POLICY_MATCH));
    }
}

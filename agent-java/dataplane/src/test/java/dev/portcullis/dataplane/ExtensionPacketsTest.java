// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.AFTER_IPV6;
import static dev.portcullis.dataplane.Bent.with;
import static dev.portcullis.dataplane.Envelope.SERVICE_VLAN;
import static dev.portcullis.dataplane.Envelope.VLAN;
import static dev.portcullis.dataplane.Layer.icmpv6;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.AUDIT6;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.HTTPS;
import static dev.portcullis.dataplane.SuiteHost.NOBODY6;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.OPEN6;
import static dev.portcullis.dataplane.SuiteHost.SIGNALLING;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;

/** IPv6 extension headers: up to eight, in any order. */
class ExtensionPacketsTest extends PacketSuite {
    private static final Envelope FRIENDLY = Envelope.of(OFFICE6, WEB6);
    private static final Envelope STRANGE = Envelope.of(STRANGER6, WEB6);
    private static final Envelope TO_VAULT = Envelope.of(STRANGER6, VAULT6);

    @Override
    List<Case> cases() {
        return List.of(
                arrives(
                        "a hop-by-hop header hides no TCP port",
                        STRANGE.carrying(tcp(WEB).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a hop-by-hop header hides no UDP port",
                        STRANGE.carrying(udp(DNS).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a hop-by-hop header hides no SCTP port",
                        STRANGE.carrying(sctp(SIGNALLING).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a hop-by-hop header hides no ping",
                        STRANGE.carrying(icmpv6(128).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send a hop-by-hop header",
                        FRIENDLY.carrying(tcp(WEB).hopByHop()),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "behind a hop-by-hop header is a port of nobody's",
                        STRANGE.carrying(tcp(80).hopByHop()),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "a routing header hides no TCP port",
                        STRANGE.carrying(tcp(WEB).routing()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a routing header hides no UDP port",
                        STRANGE.carrying(udp(DNS).routing()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send a routing header",
                        FRIENDLY.carrying(udp(DNS).routing()),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "a routing header with segments left is judged by the destination as it is",
                        with(STRANGE.carrying(tcp(WEB).routing()), AFTER_IPV6 + 3, 1),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "destination options hide no TCP port",
                        STRANGE.carrying(tcp(WEB).destinationOptions()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "destination options hide no SCTP port",
                        STRANGE.carrying(sctp(SIGNALLING).destinationOptions()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send destination options",
                        FRIENDLY.carrying(tcp(WEB).destinationOptions()),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "long destination options hide no port",
                        STRANGE.carrying(tcp(WEB).destinationOptions(806)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the longest destination options hide no port",
                        STRANGE.carrying(tcp(WEB).destinationOptions(2046)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send the longest",
                        FRIENDLY.carrying(tcp(WEB).destinationOptions(2046)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "an authentication header hides no TCP port",
                        STRANGE.carrying(tcp(WEB).authentication(4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an authentication header hides no UDP port",
                        STRANGE.carrying(udp(DNS).authentication(4)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send an authentication header",
                        FRIENDLY.carrying(tcp(WEB).authentication(4)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "an authentication header counts in words of 4 bytes, even an odd number",
                        STRANGE.carrying(tcp(WEB).authentication(1)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a long authentication header hides no port",
                        STRANGE.carrying(tcp(WEB).authentication(255)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "an ESP header behind others is judged as protocol 50",
                        TO_VAULT.carrying(raw(50, 40).destinationOptions().hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "no next header behind others is protocol 59",
                        STRANGE.carrying(raw(59, 0).destinationOptions()),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "the order that the standard recommends is read",
                        STRANGE.carrying(
                                tcp(WEB).destinationOptions()
                                        .authentication(4)
                                        .routing()
                                        .destinationOptions()
                                        .hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "that order from the office is let in",
                        FRIENDLY.carrying(
                                tcp(WEB).destinationOptions()
                                        .authentication(4)
                                        .routing()
                                        .destinationOptions()
                                        .hopByHop()),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "another order is read as well",
                        STRANGE.carrying(
                                tcp(WEB).hopByHop()
                                        .routing()
                                        .authentication(4)
                                        .destinationOptions()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a hop-by-hop header after others hides nothing",
                        STRANGE.carrying(udp(DNS).hopByHop().destinationOptions()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the same header twice hides nothing",
                        STRANGE.carrying(tcp(WEB).hopByHop().hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "a fragment header around a whole packet hides no port",
                        STRANGE.carrying(tcp(WEB).fragment(9, 0, false)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send a whole packet as its only fragment",
                        FRIENDLY.carrying(tcp(WEB).fragment(9, 0, false)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "headers before and behind that one hide no port",
                        STRANGE.carrying(
                                udp(DNS).destinationOptions().fragment(9, 0, false).hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "seven headers are read",
                        STRANGE.carrying(options(7)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "eight headers are read",
                        STRANGE.carrying(options(8)),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send eight",
                        FRIENDLY.carrying(options(8)),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "eight of all kinds are read",
                        STRANGE.carrying(ofAllKinds(tcp(WEB))),
                        DROP,
                        NO_POLICY_MATCH),
                arrives(
                        "the office may send eight of all kinds",
                        FRIENDLY.carrying(ofAllKinds(udp(DNS))),
                        PASS,
                        POLICY_MATCH),
                arrives(
                        "nine headers are malformed, whoever sends them",
                        FRIENDLY.carrying(options(9)),
                        DROP,
                        MALFORMED),
                arrives(
                        "nine headers of all kinds are malformed",
                        FRIENDLY.carrying(ofAllKinds(tcp(WEB)).hopByHop()),
                        DROP,
                        MALFORMED),
                arrives(
                        "a ninth that is a fragment header is malformed",
                        FRIENDLY.carrying(eight(tcp(WEB).fragment(9, 0, false))),
                        DROP,
                        MALFORMED),
                arrives(
                        "so it is if it begins a datagram",
                        FRIENDLY.carrying(eight(tcp(WEB).fragment(9, 0, true))),
                        DROP,
                        MALFORMED),
                arrives(
                        "and if it continues one",
                        FRIENDLY.carrying(eight(tcp(WEB).fragment(9, 5, true))),
                        DROP,
                        MALFORMED),
                arrives(
                        "nine headers pass where nothing is protected",
                        Envelope.of(STRANGER6, OPEN6).carrying(options(9)),
                        PASS,
                        OPEN),
                arrives(
                        "nine headers pass to nobody's address",
                        Envelope.of(STRANGER6, NOBODY6).carrying(options(9)),
                        PASS,
                        NO_RESOURCE),
                arrives(
                        "nine headers pass in audit mode, reported",
                        Envelope.of(STRANGER6, AUDIT6).carrying(options(9)),
                        Verdict.AUDIT,
                        MALFORMED),
                arrives(
                        "a thousand bytes of headers are read in a VLAN",
                        STRANGE.tagged(SERVICE_VLAN, VLAN)
                                .carrying(tcp(WEB).destinationOptions(1006)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "the vault may reach HTTPS with headers of all kinds",
                        Envelope.of(VAULT6, STRANGER6).carrying(ofAllKinds(tcp(HTTPS))),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "but no other port with them",
                        Envelope.of(VAULT6, STRANGER6).carrying(ofAllKinds(tcp(80))),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "nine headers are malformed on the way out",
                        Envelope.of(VAULT6, OFFICE6).carrying(options(9)),
                        DROP,
                        MALFORMED),
                leaves(
                        "a ninth that continues a datagram is malformed on the way out",
                        Envelope.of(VAULT6, OFFICE6).carrying(eight(tcp(WEB).fragment(9, 5, true))),
                        DROP,
                        MALFORMED));
    }

    private static Layer options(int headers) {
        Layer layer = tcp(WEB);
        for (int i = 0; i < headers; i++) {
            layer = layer.destinationOptions();
        }
        return layer;
    }

    private static Layer eight(Layer inner) {
        return inner.destinationOptions()
                .destinationOptions()
                .destinationOptions()
                .destinationOptions()
                .destinationOptions()
                .destinationOptions()
                .destinationOptions()
                .hopByHop();
    }

    private static Layer ofAllKinds(Layer inner) {
        return inner.destinationOptions()
                .authentication(4)
                .fragment(9, 0, false)
                .routing()
                .authentication(1)
                .destinationOptions(22)
                .routing()
                .hopByHop();
    }
}

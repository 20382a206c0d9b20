// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.Bent.withVersion;
import static dev.portcullis.dataplane.Envelope.VLAN;
import static dev.portcullis.dataplane.Layer.raw;
import static dev.portcullis.dataplane.Layer.sctp;
import static dev.portcullis.dataplane.Layer.tcp;
import static dev.portcullis.dataplane.Layer.udp;
import static dev.portcullis.dataplane.SuiteHost.AUDIT4;
import static dev.portcullis.dataplane.SuiteHost.BOTH6;
import static dev.portcullis.dataplane.SuiteHost.DNS;
import static dev.portcullis.dataplane.SuiteHost.HTTPS;
import static dev.portcullis.dataplane.SuiteHost.LOST6;
import static dev.portcullis.dataplane.SuiteHost.NOBODY4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE4;
import static dev.portcullis.dataplane.SuiteHost.OFFICE6;
import static dev.portcullis.dataplane.SuiteHost.RESOLVER4;
import static dev.portcullis.dataplane.SuiteHost.RESOLVER6;
import static dev.portcullis.dataplane.SuiteHost.SSH;
import static dev.portcullis.dataplane.SuiteHost.STRANGER4;
import static dev.portcullis.dataplane.SuiteHost.STRANGER6;
import static dev.portcullis.dataplane.SuiteHost.THREAT4;
import static dev.portcullis.dataplane.SuiteHost.THREAT6;
import static dev.portcullis.dataplane.SuiteHost.VAULT4;
import static dev.portcullis.dataplane.SuiteHost.VAULT6;
import static dev.portcullis.dataplane.SuiteHost.WATCHED4;
import static dev.portcullis.dataplane.SuiteHost.WATCHED6;
import static dev.portcullis.dataplane.SuiteHost.WEB;
import static dev.portcullis.dataplane.SuiteHost.WEB4;
import static dev.portcullis.dataplane.SuiteHost.WEB6;
import static dev.portcullis.policy.model.Reason.BLOCKLIST;
import static dev.portcullis.policy.model.Reason.FAILSAFE;
import static dev.portcullis.policy.model.Reason.MALFORMED;
import static dev.portcullis.policy.model.Reason.NO_POLICY_MATCH;
import static dev.portcullis.policy.model.Reason.NO_RESOURCE;
import static dev.portcullis.policy.model.Reason.OPEN;
import static dev.portcullis.policy.model.Reason.POLICY_MATCH;
import static dev.portcullis.policy.model.Verdict.DROP;
import static dev.portcullis.policy.model.Verdict.PASS;

import dev.portcullis.policy.model.Verdict;
import java.util.List;

/** What leaves: judged by its source as the local address, and by the port of the other side. */
class LeavingPacketsTest extends PacketSuite {
    private static final Envelope VAULT_OUT4 = Envelope.of(VAULT4, STRANGER4);
    private static final Envelope VAULT_OUT6 = Envelope.of(VAULT6, STRANGER6);

    @Override
    List<Case> cases() {
        return List.of(
                leaves(
                        "the vault reaches HTTPS anywhere",
                        VAULT_OUT4.carrying(tcp(HTTPS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "the vault reaches HTTPS anywhere over IPv6",
                        VAULT_OUT6.carrying(tcp(HTTPS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "not the port beside it",
                        VAULT_OUT4.carrying(tcp(444)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "not the port on its other side, over IPv6",
                        VAULT_OUT6.carrying(tcp(442)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "not HTTP/3, which is UDP",
                        VAULT_OUT4.carrying(udp(HTTPS)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "not SCTP at that port",
                        VAULT_OUT6.carrying(sctp(HTTPS)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "from the port of HTTPS to another it does not",
                        VAULT_OUT4.carrying(tcp(HTTPS, 80, 0, 0)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "the vault asks its resolver",
                        Envelope.of(VAULT4, RESOLVER4).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "the vault asks its resolver over IPv6",
                        Envelope.of(VAULT6, RESOLVER6).carrying(udp(DNS)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "not over TCP",
                        Envelope.of(VAULT4, RESOLVER4).carrying(tcp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "and no other resolver",
                        VAULT_OUT6.carrying(udp(DNS)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "the vault reaches the office by TCP",
                        Envelope.of(VAULT4, OFFICE4).carrying(tcp(80)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "the vault reaches the office by SCTP over IPv6",
                        Envelope.of(VAULT6, OFFICE6).carrying(sctp(80)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "the vault reaches the office by a protocol without ports",
                        Envelope.of(VAULT4, OFFICE4).carrying(raw(50, 40)),
                        PASS,
                        POLICY_MATCH),
                leaves(
                        "nobody else by that",
                        VAULT_OUT4.carrying(raw(50, 40)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "IPv4 options hide no port",
                        VAULT_OUT4.options(16).carrying(tcp(80)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "extension headers hide no port",
                        VAULT_OUT6.carrying(tcp(80).routing().hopByHop()),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "from the failsafe port the answer of SSH leaves",
                        VAULT_OUT4.carrying(tcp(SSH, 40_000, 0, 0)),
                        PASS,
                        FAILSAFE),
                leaves(
                        "to the failsafe port it does not",
                        VAULT_OUT6.carrying(tcp(SSH)),
                        DROP,
                        NO_POLICY_MATCH),
                leaves(
                        "in audit mode a denied packet leaves, reported",
                        Envelope.of(AUDIT4, STRANGER4).carrying(udp(80)),
                        Verdict.AUDIT,
                        NO_POLICY_MATCH),
                leaves(
                        "in audit mode a malformed one is stopped for nobody",
                        withVersion(Envelope.of(AUDIT4, STRANGER4).carrying(tcp(80)), 5),
                        Verdict.AUDIT,
                        MALFORMED),
                leaves(
                        "from nobody's address all leaves",
                        Envelope.of(NOBODY4, STRANGER4).carrying(tcp(80)),
                        PASS,
                        NO_RESOURCE),
                leaves(
                        "a service whose policies are about what arrives sends what it likes",
                        Envelope.of(WEB6, STRANGER6).carrying(tcp(WEB, 40_000, 0, 0)),
                        PASS,
                        OPEN),
                leaves(
                        "from a port of nobody's at its address, too",
                        Envelope.of(WEB4, STRANGER4).carrying(tcp(80, 40_000, 0, 0)),
                        PASS,
                        NO_RESOURCE),
                leaves(
                        "nothing leaves to who is in a blocklist",
                        Envelope.of(WATCHED4, THREAT4).carrying(tcp(HTTPS)),
                        DROP,
                        BLOCKLIST),
                leaves(
                        "nothing leaves to who is in a blocklist, over IPv6",
                        Envelope.of(BOTH6, LOST6).carrying(udp(DNS)),
                        DROP,
                        BLOCKLIST),
                leaves(
                        "to others all leaves",
                        Envelope.of(WATCHED6, STRANGER6).carrying(tcp(80)),
                        PASS,
                        OPEN),
                leaves(
                        "in a VLAN nothing leaves to a blocklist either",
                        Envelope.of(WATCHED6, THREAT6).tagged(VLAN).carrying(tcp(HTTPS)),
                        DROP,
                        BLOCKLIST));
    }
}

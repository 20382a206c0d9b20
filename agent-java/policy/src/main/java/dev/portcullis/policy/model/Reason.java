// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Locale;

/** Why a packet passes or is dropped; docs/policy-reference.md explains each to operators. */
public enum Reason {
    /** Not IP: ARP, LLDP and the like. */
    NOT_IP(Verdict.PASS),
    /** No resource selects the packet. */
    NO_RESOURCE(Verdict.PASS),
    /** Neighbour discovery, MLD, DHCP: what the host needs to be on the network at all. */
    HOST_PROTOCOL(Verdict.PASS),
    /** An ICMP error about a packet of a conversation that is allowed. */
    RELATED(Verdict.PASS),
    /** The agent's failsafe list. */
    FAILSAFE(Verdict.PASS),
    /** The resource has no policy that allows, and no blocklist of it matches. */
    OPEN(Verdict.PASS),
    /** It belongs to a conversation that the other side of this host was allowed to begin. */
    REPLY(Verdict.PASS),
    /** A policy of the resource matches. */
    POLICY_MATCH(Verdict.PASS),
    /** From a balancer: a handshake, or what else has no data, before the header has come. */
    PROXY_HANDSHAKE(Verdict.PASS),
    /** A connection of the balancer's own, as its header says (LOCAL). */
    PROXY_LOCAL(Verdict.PASS),
    /** From a balancer: the connection was there before its header was asked for. */
    PROXY_KEPT(Verdict.PASS),
    /** The resource has policies that allow, and none matches. */
    NO_POLICY_MATCH(Verdict.DROP),
    /** A blocklist of the resource matches. */
    BLOCKLIST(Verdict.DROP),
    /**
     * It depends on the name of the source address, which is not known yet; it is being asked for.
     */
    NAME_PENDING(Verdict.DROP),
    /**
     * From a balancer: the PROXY header that the connection has to begin with is missing or wrong.
     */
    PROXY_HEADER(Verdict.DROP),
    /** From a balancer: data that came ahead of the header; it comes again. */
    PROXY_AHEAD(Verdict.DROP),
    /** A header is cut short or contradicts itself. */
    MALFORMED(Verdict.DROP),
    /** A fragment whose first fragment was not seen. */
    FRAGMENT(Verdict.DROP),
    /** A part of the rule set was missing in the kernel: a defect of Portcullis. */
    FAULT(Verdict.DROP);

    private final Verdict verdict;

    Reason(Verdict verdict) {
        this.verdict = verdict;
    }

    public Verdict verdict() {
        return verdict;
    }

    /** The name in metrics and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

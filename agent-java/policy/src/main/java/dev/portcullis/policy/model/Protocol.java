// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** What a port entry of a resource names. */
public enum Protocol {
    TCP(true),
    UDP(true),
    SCTP(true),
    /** ICMP over IPv4, and ICMPv6. */
    ICMP(false),
    /** Every protocol; with a port, those that have ports. */
    ANY(true);

    private final boolean ports;

    Protocol(boolean ports) {
        this.ports = ports;
    }

    /** Whether an entry of this protocol may name ports. */
    public boolean hasPorts() {
        return ports;
    }
}

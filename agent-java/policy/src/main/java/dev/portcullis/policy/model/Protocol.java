// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Map;

/** What a port entry of a resource names. */
public enum Protocol {
    TCP(true),
    UDP(true),
    SCTP(true),
    /** ICMP over IPv4, and ICMPv6. */
    ICMP(false),
    /** Every protocol; with a port, those that have ports. */
    ANY(true);

    private static final Map<Integer, Protocol> WITH_PORTS = Map.of(6, TCP, 17, UDP, 132, SCTP);

    private final boolean ports;

    Protocol(boolean ports) {
        this.ports = ports;
    }

    /** That of a number with ports; {@link #ANY} for another. */
    public static Protocol withPorts(int number) {
        return WITH_PORTS.getOrDefault(number, ANY);
    }

    /** Whether an entry of this protocol may name ports. */
    public boolean hasPorts() {
        return ports;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.util.Optional;
import java.util.OptionalInt;

/** A packet that arrives at a guarded interface, as far as the verdict looks at it. */
public sealed interface ReferencePacket {
    int ICMP = 1;
    int TCP = 6;
    int UDP = 17;
    int ICMPV6 = 58;
    int SCTP = 132;

    static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    /** The interface that it arrives at. */
    String interfaceName();

    /** ARP, LLDP and the like. */
    record NotIp(String interfaceName) implements ReferencePacket {}

    /**
     * A packet with a header that is cut short or contradicts itself, or with more VLAN tags or
     * extension headers than are looked at.
     *
     * @param destination empty if the fault is before it
     */
    record Malformed(String interfaceName, Optional<Address> destination)
            implements ReferencePacket {}

    /**
     * An IPv4 or IPv6 packet.
     *
     * @param protocol the number of the upper protocol, after any extension headers
     * @param ports present for TCP, UDP and SCTP, unless it is a later fragment
     * @param icmpType present for ICMP over IPv4 and ICMPv6 over IPv6, unless it is a later
     *     fragment
     * @param hopLimit the TTL of IPv4
     */
    record Ip(
            String interfaceName,
            Address source,
            Address destination,
            int protocol,
            Optional<Ports> ports,
            OptionalInt icmpType,
            int hopLimit,
            Fragment fragment)
            implements ReferencePacket {
        public Ip {
            if (source.family() != destination.family()) {
                throw new IllegalArgumentException("two families in one packet");
            }
            if (ports.isPresent() != (hasPorts(protocol) && !fragment.isLater())) {
                throw new IllegalArgumentException("ports of protocol " + protocol);
            }
            boolean hasType = protocol == (source.family() == Family.IPV4 ? ICMP : ICMPV6);
            if (icmpType.isPresent() != (hasType && !fragment.isLater())) {
                throw new IllegalArgumentException("ICMP type of protocol " + protocol);
            }
        }

        public Family family() {
            return destination.family();
        }

        public Ip withHopLimit(int limit) {
            return new Ip(
                    interfaceName, source, destination, protocol, ports, icmpType, limit, fragment);
        }

        /** The same from another peer. */
        public Ip from(Address peer) {
            return new Ip(
                    interfaceName,
                    peer,
                    destination,
                    protocol,
                    ports,
                    icmpType,
                    hopLimit,
                    fragment);
        }

        /** The same as a part of a datagram; a later one has no ports and no type. */
        public Ip as(Fragment part) {
            return new Ip(
                    interfaceName,
                    source,
                    destination,
                    protocol,
                    part.isLater() ? Optional.empty() : ports,
                    part.isLater() ? OptionalInt.empty() : icmpType,
                    hopLimit,
                    part);
        }
    }

    /**
     * @param source the peer's
     * @param destination the local one
     */
    record Ports(int source, int destination) {}

    /** A whole TCP, UDP or SCTP packet. */
    static Ip withPorts(
            String interfaceName, int protocol, Address source, Address destination, Ports ports) {
        return new Ip(
                interfaceName,
                source,
                destination,
                protocol,
                Optional.of(ports),
                OptionalInt.empty(),
                64,
                Fragment.WHOLE);
    }

    /** A whole packet of ICMP over IPv4, or of ICMPv6 over IPv6. */
    static Ip icmp(String interfaceName, Address source, Address destination, int type) {
        return new Ip(
                interfaceName,
                source,
                destination,
                source.family() == Family.IPV4 ? ICMP : ICMPV6,
                Optional.empty(),
                OptionalInt.of(type),
                64,
                Fragment.WHOLE);
    }

    /** A whole packet of a protocol that has neither ports nor ICMP types. */
    static Ip other(String interfaceName, int protocol, Address source, Address destination) {
        return new Ip(
                interfaceName,
                source,
                destination,
                protocol,
                Optional.empty(),
                OptionalInt.empty(),
                64,
                Fragment.WHOLE);
    }
}

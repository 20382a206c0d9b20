// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Workload;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A packet that arrives at a guarded interface or leaves by one, as far as the verdict looks at it.
 * The factories make such as arrive.
 */
public sealed interface ReferencePacket {
    int ICMP = 1;
    int TCP = 6;
    int UDP = 17;
    int ICMPV6 = 58;
    int SCTP = 132;

    static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP;
    }

    /** The interface that it arrives at or leaves by. */
    String interfaceName();

    Direction direction();

    /** Those that the process is inside that sent it, the deepest first; none of what arrives. */
    List<Workload> workloads();

    /** ARP, LLDP and the like. */
    record NotIp(String interfaceName, Direction direction) implements ReferencePacket {
        public NotIp(String interfaceName) {
            this(interfaceName, Direction.INGRESS);
        }

        @Override
        public List<Workload> workloads() {
            return List.of();
        }
    }

    /**
     * A packet with a header that is cut short or contradicts itself, or with more VLAN tags or
     * extension headers than are looked at.
     *
     * @param local the address on this host's side; empty if the fault is before it
     */
    record Malformed(
            String interfaceName,
            Optional<Address> local,
            Direction direction,
            List<Workload> workloads)
            implements ReferencePacket {
        public Malformed {
            workloads = sentBy(direction, workloads);
        }

        public Malformed(String interfaceName, Optional<Address> local) {
            this(interfaceName, local, Direction.INGRESS, List.of());
        }
    }

    private static List<Workload> sentBy(Direction direction, List<Workload> workloads) {
        if (direction == Direction.INGRESS && !workloads.isEmpty()) {
            throw new IllegalArgumentException("no process of this host sent what arrives");
        }
        return List.copyOf(workloads);
    }

    /**
     * An IPv4 or IPv6 packet.
     *
     * @param protocol the number of the upper protocol, after any extension headers
     * @param ports present for TCP, UDP and SCTP, unless it is a later fragment
     * @param icmpType present for ICMP over IPv4 and ICMPv6 over IPv6, unless it is a later
     *     fragment
     * @param hopLimit the TTL of IPv4
     * @param reply whether it belongs to a conversation that the other side of this host was
     *     allowed to begin
     * @param related whether it is an ICMP error about a packet of an allowed conversation
     */
    record Ip(
            String interfaceName,
            Address source,
            Address destination,
            int protocol,
            Optional<Ports> ports,
            OptionalInt icmpType,
            int hopLimit,
            Fragment fragment,
            Direction direction,
            List<Workload> workloads,
            boolean reply,
            boolean related)
            implements ReferencePacket {
        /** Over IPv4: unreachable, time exceeded, parameter problem. */
        private static final List<Integer> ICMP_ERRORS = List.of(3, 11, 12);

        /** Unreachable, packet too big, time exceeded, parameter problem. */
        private static final List<Integer> ICMPV6_ERRORS = List.of(1, 2, 3, 4);

        public Ip {
            workloads = sentBy(direction, workloads);
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
            if (reply && fragment.isLater()) {
                throw new IllegalArgumentException("no conversation without ports");
            }
            List<Integer> errors = source.family() == Family.IPV4 ? ICMP_ERRORS : ICMPV6_ERRORS;
            if (related && icmpType.stream().noneMatch(errors::contains)) {
                throw new IllegalArgumentException("no ICMP error");
            }
        }

        public Family family() {
            return destination.family();
        }

        /** The address on this host's side. */
        public Address local() {
            return direction == Direction.INGRESS ? destination : source;
        }

        /** The address on the other side. */
        public Address remote() {
            return direction == Direction.INGRESS ? source : destination;
        }

        /** The port on this host's side. */
        public OptionalInt localPort() {
            return port(direction == Direction.EGRESS);
        }

        /** The port on the other side. */
        public OptionalInt remotePort() {
            return port(direction == Direction.INGRESS);
        }

        private OptionalInt port(boolean ofSource) {
            if (ports.isEmpty()) {
                return OptionalInt.empty();
            }
            Ports both = ports.get();
            return OptionalInt.of(ofSource ? both.source() : both.destination());
        }

        public Ip withHopLimit(int limit) {
            return new Ip(
                    interfaceName,
                    source,
                    destination,
                    protocol,
                    ports,
                    icmpType,
                    limit,
                    fragment,
                    direction,
                    workloads,
                    reply,
                    related);
        }

        /**
         * The same as it leaves: its source is this host.
         *
         * @param senders the workloads that the process is inside, the deepest first
         */
        public Ip leaving(Workload... senders) {
            return in(Direction.EGRESS, List.of(senders), reply, related);
        }

        /** The same as an answer in a conversation that the other side was allowed to begin. */
        public Ip asReply() {
            return in(direction, workloads, true, related);
        }

        /** The same as an error about a packet of a conversation that is allowed. */
        public Ip asRelated() {
            return in(direction, workloads, reply, true);
        }

        private Ip in(
                Direction way, List<Workload> senders, boolean answers, boolean quotesAllowed) {
            return new Ip(
                    interfaceName,
                    source,
                    destination,
                    protocol,
                    ports,
                    icmpType,
                    hopLimit,
                    fragment,
                    way,
                    senders,
                    answers,
                    quotesAllowed);
        }

        /** The same with another peer. */
        public Ip with(Address peer) {
            boolean arrives = direction == Direction.INGRESS;
            return new Ip(
                    interfaceName,
                    arrives ? peer : source,
                    arrives ? destination : peer,
                    protocol,
                    ports,
                    icmpType,
                    hopLimit,
                    fragment,
                    direction,
                    workloads,
                    reply,
                    related);
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
                    part,
                    direction,
                    workloads,
                    reply && !part.isLater(),
                    related && !part.isLater());
        }
    }

    /** Ports as they are in the header. */
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
                Fragment.WHOLE,
                Direction.INGRESS,
                List.of(),
                false,
                false);
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
                Fragment.WHOLE,
                Direction.INGRESS,
                List.of(),
                false,
                false);
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
                Fragment.WHOLE,
                Direction.INGRESS,
                List.of(),
                false,
                false);
    }
}

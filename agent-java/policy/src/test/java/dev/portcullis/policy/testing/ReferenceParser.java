// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ProxyHeader;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a frame for the reference model, by the RFCs and by what is promised of packets. It is the
 * judge of the kernel's parser and shares nothing with it, nor with what makes frames for tests:
 * each layer is a slice of the one around it, and whatever does not fit ends the reading.
 *
 * <p>What is promised beyond the RFCs: at most two VLAN tags and eight extension headers, in any
 * order; a packet that claims more than the frame has is malformed, one that claims less is
 * followed by padding; checksums, and the contents of options, have no say. A first fragment needs
 * its ports alone, and so does what an ICMP error quotes; a TCP header that is there whole has to
 * be sound even so.
 */
public final class ReferenceParser {
    /** Where a frame is seen, which its bytes don't tell. */
    public record Sighting(String interfaceName, Direction direction, List<Workload> workloads) {
        /** At that of a packet. */
        public static Sighting of(ReferencePacket packet) {
            return new Sighting(packet.interfaceName(), packet.direction(), packet.workloads());
        }
    }

    /**
     * A frame as it was read.
     *
     * @param header what the data of a TCP segment is, if it is that of a connection that begins
     *     with a header of PROXY protocol
     * @param quoted of an ICMP error that quotes a packet from its own receiver to another host,
     *     one that belongs to conversations: the same conversation's packet in the direction of the
     *     error
     */
    public record Reading(ReferencePacket packet, ProxyHeader header, Optional<Ip> quoted) {
        private Reading(ReferencePacket packet) {
            this(packet, new ProxyHeader.Incomplete(), Optional.empty());
        }
    }

    /** What comes up, and how it is carried. */
    private record Body(int protocol, Fragment fragment, Octets content) {}

    private record Addresses(Address source, Address destination, int hopLimit) {}

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86dd;
    private static final List<Integer> TYPES_VLAN = List.of(0x8100, 0x88a8);
    private static final int MOST_TAGS = 2;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final List<Integer> EXTENSIONS =
            List.of(HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION_OPTIONS);
    private static final int MOST_EXTENSIONS = 8;

    /** More than the length field of an IP header can tell; it is 0 in such a packet. */
    private static final int BEYOND_LENGTH_FIELD = 65_536;

    /** Type, code, checksum, and four bytes whose meaning depends on the type. */
    private static final int ICMP_HEADER = 8;

    private static final List<Integer> ICMP_ERRORS = List.of(3, 11, 12);
    private static final List<Integer> ICMPV6_ERRORS = List.of(1, 2, 3, 4);
    private static final List<Integer> ICMP_ECHO = List.of(0, 8);
    private static final List<Integer> ICMPV6_ECHO = List.of(128, 129);

    private final Sighting seen;

    private ReferenceParser(Sighting seen) {
        this.seen = seen;
    }

    public static Reading read(byte[] frame, Sighting seen) {
        return new ReferenceParser(seen).frame(new Octets(frame));
    }

    private Reading frame(Octets frame) {
        int type;
        Octets packet;
        try {
            type = frame.pair(12);
            packet = frame.after(14);
            for (int tags = 0; TYPES_VLAN.contains(type); tags++) {
                if (tags == MOST_TAGS) {
                    return malformed(Optional.empty());
                }
                type = packet.pair(2);
                packet = packet.after(4);
            }
        } catch (Octets.CutShort e) {
            return malformed(Optional.empty());
        }
        return switch (type) {
            case TYPE_IPV4 -> ip(Family.IPV4, packet);
            case TYPE_IPV6 -> ip(Family.IPV6, packet);
            default -> new Reading(new NotIp(seen.interfaceName(), seen.direction()));
        };
    }

    private Reading malformed(Optional<Address> local) {
        return new Reading(
                new Malformed(seen.interfaceName(), local, seen.direction(), seen.workloads()));
    }

    private Reading ip(Family family, Octets packet) {
        Addresses addresses;
        try {
            addresses = addresses(family, packet);
        } catch (Octets.CutShort e) {
            return malformed(Optional.empty());
        }
        try {
            Body body = body(family, packet, false);
            Ip read = packet(addresses, body, false);
            return new Reading(
                    read,
                    header(body),
                    isError(read) ? quoted(read, body.content) : Optional.empty());
        } catch (Octets.CutShort | Contradiction e) {
            boolean arrives = seen.direction() == Direction.INGRESS;
            return malformed(Optional.of(arrives ? addresses.destination : addresses.source));
        }
    }

    /** The addresses stand at the same place in every header that is there whole. */
    private static Addresses addresses(Family family, Octets packet) throws Octets.CutShort {
        if (family == Family.IPV4) {
            Octets header = packet.first(20);
            return new Addresses(header.address(12, 4), header.address(16, 4), header.octet(8));
        }
        Octets header = packet.first(40);
        return new Addresses(header.address(8, 16), header.address(24, 16), header.octet(7));
    }

    /**
     * @param quoted whether the packet may be cut short, as what an ICMP error quotes
     */
    private static Body body(Family family, Octets packet, boolean quoted)
            throws Octets.CutShort, Contradiction {
        int version = packet.octet(0) >> 4;
        Contradiction.check(version == (family == Family.IPV4 ? 4 : 6));
        return family == Family.IPV4 ? ipv4(packet, quoted) : ipv6(packet, quoted);
    }

    /** RFC 791. */
    private static Body ipv4(Octets packet, boolean quoted) throws Octets.CutShort, Contradiction {
        int header = (packet.octet(0) & 0x0f) * 4;
        Contradiction.check(header >= 20);
        int total = packet.pair(2);
        if (total == 0 && packet.length() >= BEYOND_LENGTH_FIELD) {
            total = packet.length();
        }
        Contradiction.check(total >= header);
        Octets content = claimed(packet, total, quoted).after(header);
        int offset = packet.pair(6) & 0x1fff;
        boolean more = (packet.pair(6) & 0x2000) != 0;
        Fragment whole = more ? Fragment.FIRST : Fragment.WHOLE;
        return new Body(packet.octet(9), offset > 0 ? Fragment.LATER : whole, content);
    }

    /** RFC 8200; the authentication header of RFC 4302 counts its length in another unit. */
    private static Body ipv6(Octets packet, boolean quoted) throws Octets.CutShort, Contradiction {
        int length = packet.pair(4);
        boolean longer = length == 0 && packet.length() >= BEYOND_LENGTH_FIELD;
        Octets content = claimed(packet, longer ? packet.length() : 40 + length, quoted).after(40);
        int next = packet.octet(6);
        Fragment fragment = Fragment.WHOLE;
        for (int read = 0; EXTENSIONS.contains(next); read++) {
            Contradiction.check(read < MOST_EXTENSIONS);
            Octets header = content.first(8);
            int size =
                    switch (next) {
                        case FRAGMENT -> 8;
                        case AUTHENTICATION -> 4 * (header.octet(1) + 2);
                        default -> 8 * (header.octet(1) + 1);
                    };
            content = content.after(size);
            if (next == FRAGMENT) {
                if (header.pair(2) >> 3 != 0) {
                    return new Body(header.octet(0), Fragment.LATER, content);
                }
                if ((header.pair(2) & 1) != 0) {
                    fragment = Fragment.FIRST;
                }
            }
            next = header.octet(0);
        }
        return new Body(next, fragment, content);
    }

    private static Octets claimed(Octets packet, int bytes, boolean quoted) throws Octets.CutShort {
        return packet.first(quoted ? Math.min(bytes, packet.length()) : bytes);
    }

    private Ip packet(Addresses addresses, Body body, boolean quoted)
            throws Octets.CutShort, Contradiction {
        Optional<Ports> ports = Optional.empty();
        OptionalInt type = OptionalInt.empty();
        boolean whole = body.fragment == Fragment.WHOLE && !quoted;
        int icmp =
                addresses.source.family() == Family.IPV4
                        ? ReferencePacket.ICMP
                        : ReferencePacket.ICMPV6;
        if (body.fragment.isLater()) {
            // Has neither.
        } else if (ReferencePacket.hasPorts(body.protocol)) {
            Octets header = body.content.first(whole ? leastHeader(body.protocol) : 4);
            ports = Optional.of(new Ports(header.pair(0), header.pair(2)));
            if (body.protocol == ReferencePacket.TCP) {
                checkTcp(body.content, whole);
            }
        } else if (body.protocol == icmp) {
            type = OptionalInt.of(body.content.first(whole ? 4 : 1).octet(0));
        }
        return new Ip(
                seen.interfaceName(),
                addresses.source,
                addresses.destination,
                body.protocol,
                ports,
                type,
                addresses.hopLimit,
                body.fragment,
                seen.direction(),
                seen.workloads(),
                false,
                false);
    }

    private static int leastHeader(int protocol) {
        return switch (protocol) {
            case ReferencePacket.TCP -> 20;
            case ReferencePacket.SCTP -> 12;
            default -> 8;
        };
    }

    /** The data begins behind the header, and inside of the packet. */
    private static void checkTcp(Octets segment, boolean whole)
            throws Octets.CutShort, Contradiction {
        if (segment.length() < 20) {
            return;
        }
        int header = (segment.octet(12) >> 4) * 4;
        Contradiction.check(header >= 20);
        if (whole) {
            segment.first(header);
        }
    }

    private static ProxyHeader header(Body body) throws Octets.CutShort {
        if (body.protocol != ReferencePacket.TCP || body.fragment != Fragment.WHOLE) {
            return new ProxyHeader.Incomplete();
        }
        int header = (body.content.octet(12) >> 4) * 4;
        return ProxyHeader.parse(body.content.after(header).bytes());
    }

    private static boolean isError(Ip packet) {
        List<Integer> errors = packet.family() == Family.IPV4 ? ICMP_ERRORS : ICMPV6_ERRORS;
        return packet.icmpType().stream().anyMatch(errors::contains);
    }

    private Optional<Ip> quoted(Ip error, Octets icmp) {
        try {
            Octets quote = icmp.after(ICMP_HEADER);
            Addresses back = addresses(error.family(), quote);
            // The quoted packet went the other way.
            Ip sent = packet(back, body(error.family(), quote, true), true);
            Ip conversing = turned(sent);
            boolean related = conversing.local().equals(error.local()) && converses(conversing);
            return related ? Optional.of(conversing) : Optional.empty();
        } catch (Octets.CutShort | Contradiction e) {
            return Optional.empty();
        }
    }

    private static Ip turned(Ip sent) {
        Address sender = sent.source();
        Address receiver = sent.destination();
        return new Ip(
                sent.interfaceName(),
                receiver,
                sender,
                sent.protocol(),
                sent.ports().map(ReferenceParser::turned),
                sent.icmpType(),
                sent.hopLimit(),
                // A first one has its ports, and is all that there is of it.
                sent.fragment().isLater() ? Fragment.LATER : Fragment.WHOLE,
                sent.direction(),
                sent.workloads(),
                false,
                false);
    }

    private static Ports turned(Ports sent) {
        int sender = sent.source();
        int receiver = sent.destination();
        return new Ports(receiver, sender);
    }

    private static boolean converses(Ip packet) {
        List<Integer> echo = packet.family() == Family.IPV4 ? ICMP_ECHO : ICMPV6_ECHO;
        return packet.ports().isPresent() || packet.icmpType().stream().anyMatch(echo::contains);
    }
}

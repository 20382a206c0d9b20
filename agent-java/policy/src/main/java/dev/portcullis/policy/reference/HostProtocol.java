// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Optional;

/** What a host needs to be on the network at all. */
final class HostProtocol {
    /** Router and neighbour solicitation and advertisement, redirect. */
    private static final List<Integer> NEIGHBOUR_DISCOVERY = List.of(133, 134, 135, 136, 137);

    /** Multicast listener query, report, done, and the report of version 2. */
    private static final List<Integer> MULTICAST_LISTENER = List.of(130, 131, 132, 143);

    private HostProtocol() {}

    static boolean includes(Ip packet) {
        return isNeighbourDiscovery(packet) || isMulticastListener(packet) || isDhcp(packet);
    }

    /** Only with hop limit 255, which no router can have forwarded. */
    private static boolean isNeighbourDiscovery(Ip packet) {
        return hasIcmpv6Type(packet, NEIGHBOUR_DISCOVERY) && packet.hopLimit() == 255;
    }

    private static boolean isMulticastListener(Ip packet) {
        return hasIcmpv6Type(packet, MULTICAST_LISTENER);
    }

    private static boolean hasIcmpv6Type(Ip packet, List<Integer> types) {
        return packet.family() == Family.IPV6
                && packet.icmpType().isPresent()
                && types.contains(packet.icmpType().getAsInt());
    }

    /** What arrives from a server's port at a client's, and what leaves the other way. */
    private static boolean isDhcp(Ip packet) {
        int server = packet.family() == Family.IPV4 ? 67 : 547;
        int client = packet.family() == Family.IPV4 ? 68 : 546;
        Ports ports =
                packet.direction() == Direction.INGRESS
                        ? new Ports(server, client)
                        : new Ports(client, server);
        return packet.protocol() == ReferencePacket.UDP
                && packet.ports().equals(Optional.of(ports));
    }
}

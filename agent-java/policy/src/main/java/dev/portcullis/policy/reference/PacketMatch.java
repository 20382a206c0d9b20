// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether the parts of a resource select a packet, and how closely. */
final class PacketMatch {
    private PacketMatch() {}

    /**
     * By the best of the resource's addresses and port entries; empty if it does not match.
     *
     * @param port the local one; empty if the protocol has none
     */
    static Optional<Specificity> specificity(
            Resource resource, HostAddresses host, Ip packet, OptionalInt port) {
        OptionalInt length = prefixLength(resource, host, packet.destination());
        if (length.isEmpty() || !interfaceMatches(resource, packet.interfaceName())) {
            return Optional.empty();
        }
        Optional<Specificity> best = Optional.empty();
        for (PortMatch entry : resource.ports()) {
            if (entryMatches(entry, packet, port)) {
                Specificity specificity =
                        new Specificity(
                                length.getAsInt(),
                                !resource.interfaces().isEmpty(),
                                entry.protocol() != Protocol.ANY,
                                entry.width());
                if (best.isEmpty() || specificity.compareTo(best.get()) > 0) {
                    best = Optional.of(specificity);
                }
            }
        }
        return best;
    }

    /** Of the longest local prefix that holds the destination; empty if none does. */
    static OptionalInt prefixLength(Resource resource, HostAddresses host, Address destination) {
        return resource.addresses().resolve(host).stream()
                .filter(prefix -> prefix.contains(destination))
                .mapToInt(Prefix::length)
                .max();
    }

    static boolean interfaceMatches(Resource resource, String interfaceName) {
        return resource.interfaces().isEmpty() || resource.interfaces().contains(interfaceName);
    }

    /** An entry with ports matches only packets that have ports. */
    static boolean entryMatches(PortMatch entry, Ip packet, OptionalInt port) {
        if (!protocolMatches(entry.protocol(), packet)) {
            return false;
        }
        return entry.ports().isEmpty()
                || (port.isPresent() && entry.ports().get().contains(port.getAsInt()));
    }

    private static boolean protocolMatches(Protocol protocol, Ip packet) {
        return switch (protocol) {
            case ANY -> true;
            case TCP -> packet.protocol() == ReferencePacket.TCP;
            case UDP -> packet.protocol() == ReferencePacket.UDP;
            case SCTP -> packet.protocol() == ReferencePacket.SCTP;
            case ICMP -> packet.protocol() == icmp(packet.family());
        };
    }

    private static int icmp(Family family) {
        return family == Family.IPV4 ? ReferencePacket.ICMP : ReferencePacket.ICMPV6;
    }
}

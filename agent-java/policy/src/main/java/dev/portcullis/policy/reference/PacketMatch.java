// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
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
            Resource resource, Environment environment, Ip packet, OptionalInt port) {
        OptionalInt length = prefixLength(resource, environment.host(), packet.local());
        if (length.isEmpty() || !couldSelect(resource, packet)) {
            return Optional.empty();
        }
        OptionalInt above = Senders.workloadsAbove(resource, environment, packet.workloads());
        Optional<Specificity> best = Optional.empty();
        for (PortMatch entry : resource.ports()) {
            if (entryMatches(entry, packet, port)) {
                Specificity specificity =
                        new Specificity(
                                above,
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

    /** Of the longest local prefix that holds the address; empty if none does. */
    static OptionalInt prefixLength(Resource resource, HostAddresses host, Address local) {
        return resource.addresses().resolve(host).stream()
                .filter(prefix -> prefix.contains(local))
                .mapToInt(Prefix::length)
                .max();
    }

    /** By what is known of every packet: direction, interface, and the process that sent it. */
    static boolean couldSelect(Resource resource, ReferencePacket packet) {
        boolean here =
                resource.interfaces().isEmpty()
                        || resource.interfaces().contains(packet.interfaceName());
        return here
                && resource.judges(packet.direction())
                && resource.workload().map(packet.workloads()::contains).orElse(true);
    }

    /** What a rule asks of protocol and port of the other side. */
    static boolean remotePortsMatch(RemotePorts wanted, Ip packet) {
        return wanted.matches(Protocol.withPorts(packet.protocol()), packet.remotePort());
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

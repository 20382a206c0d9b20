// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Packets between the edges of a state's sources and the edges of its resources. */
final class PacketGenerator {
    /**
     * IGMP, IPv4 and IPv6 inside, DCCP, GRE, ESP, OSPF, PIM, UDP-Lite, some without a name, and
     * none next.
     */
    private static final int[] OTHER_PROTOCOLS = {2, 4, 41, 33, 47, 50, 89, 103, 136, 253, 255, 59};

    /** In IPv6, extension headers. */
    private static final int[] IPV4_PROTOCOLS = {0, 43, 44, 51, 60};

    private static final int[] ICMP_TYPES = {0, 3, 4, 5, 8, 11, 12, 13, 133};
    private static final int[] ICMPV6_TYPES = {
        1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 143, 144
    };

    private final Draw draw;
    private final AddressPool addresses;
    private final PortPool ports;
    private final List<String> interfaces;
    private final List<Prefix> remote;
    private final List<Prefix> local;

    PacketGenerator(
            Draw draw,
            AddressPool addresses,
            PortPool ports,
            List<String> interfaces,
            DesiredState state,
            Environment environment) {
        this.draw = draw;
        this.addresses = addresses;
        this.ports = ports;
        this.interfaces = interfaces;
        this.remote = remote(state, environment);
        this.local =
                state.resources().values().stream()
                        .flatMap(r -> r.addresses().resolve(environment.host()).stream())
                        .toList();
    }

    /** Whatever a rule may be about at the moment. */
    private static List<Prefix> remote(DesiredState state, Environment environment) {
        List<Prefix> remote = new ArrayList<>();
        for (Policy policy : state.policies().values()) {
            for (Rule rule : policy.rules()) {
                if (rule.peers() instanceof Prefix prefix) {
                    remote.add(prefix);
                }
            }
        }
        environment.sets().values().forEach(remote::addAll);
        remote.addAll(environment.host().localhost());
        environment.names().addresses().values().stream()
                .flatMap(Set::stream)
                .map(Prefix::of)
                .forEach(remote::add);
        environment.names().reverse().keySet().stream().map(Prefix::of).forEach(remote::add);
        remote.sort(null);
        return remote;
    }

    ReferencePacket packet() {
        String at = draw.oneOf(interfaces);
        Family family = addresses.family();
        Address destination = addresses.near(local, family);
        int kind = draw.between(0, 99);
        if (kind < 3) {
            return new NotIp(at);
        }
        if (kind < 8) {
            return new Malformed(at, draw.chance(75) ? Optional.of(destination) : Optional.empty());
        }
        Ip packet = whole(at, addresses.near(remote, family), destination);
        return kind < 20 ? packet.as(draw.oneOf(List.of(Fragment.values()))) : packet;
    }

    private Ip whole(String at, Address source, Address destination) {
        boolean ipv4 = source.family() == Family.IPV4;
        int kind = draw.between(0, 99);
        if (kind < 40) {
            return withPorts(at, ReferencePacket.TCP, source, destination);
        } else if (kind < 65) {
            return withPorts(at, ReferencePacket.UDP, source, destination);
        } else if (kind < 73) {
            return withPorts(at, ReferencePacket.SCTP, source, destination);
        } else if (kind < 77) {
            Ports dhcp = ipv4 == draw.chance(80) ? new Ports(67, 68) : new Ports(547, 546);
            int protocol =
                    draw.oneOf(ReferencePacket.UDP, ReferencePacket.UDP, ReferencePacket.TCP);
            return ReferencePacket.withPorts(at, protocol, source, destination, dhcp);
        } else if (kind < 92) {
            int type = draw.oneOf(ipv4 ? ICMP_TYPES : ICMPV6_TYPES);
            return ReferencePacket.icmp(at, source, destination, type)
                    .withHopLimit(draw.oneOf(255, 255, 254, 64, 1));
        }
        int icmpOfTheOther = ipv4 ? ReferencePacket.ICMPV6 : ReferencePacket.ICMP;
        int other = draw.oneOf(ipv4 && draw.chance(20) ? IPV4_PROTOCOLS : OTHER_PROTOCOLS);
        int protocol = draw.chance(20) ? icmpOfTheOther : other;
        return ReferencePacket.other(at, protocol, source, destination);
    }

    private Ip withPorts(String at, int protocol, Address source, Address destination) {
        Ports drawn = new Ports(draw.between(1, 65_535), ports.port());
        return ReferencePacket.withPorts(at, protocol, source, destination, drawn);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Optional;

/** Packets that arrive, packets that leave, and in both ways such as belong to conversations. */
final class TrafficGenerator {
    private final Draw draw;
    private final PacketGenerator arriving;
    private final WorkloadPool workloads;

    TrafficGenerator(Draw draw, PacketGenerator arriving, WorkloadPool workloads) {
        this.draw = draw;
        this.arriving = arriving;
        this.workloads = workloads;
    }

    ReferencePacket packet() {
        ReferencePacket packet = arriving.packet();
        ReferencePacket way = draw.chance(50) ? packet : leaving(packet);
        return way instanceof Ip ip ? inConversation(ip) : way;
    }

    private ReferencePacket leaving(ReferencePacket packet) {
        List<Workload> sender = workloads.sender();
        if (packet instanceof NotIp) {
            return new NotIp(packet.interfaceName(), Direction.EGRESS);
        }
        if (packet instanceof Malformed malformed) {
            return new Malformed(
                    malformed.interfaceName(), malformed.local(), Direction.EGRESS, sender);
        }
        return back((Ip) packet).leaving(sender.toArray(Workload[]::new));
    }

    /** The port at an edge is the local one or the peer's. */
    private Ip back(Ip packet) {
        Optional<Ports> ports = packet.ports();
        if (draw.chance(50)) {
            ports = ports.map(TrafficGenerator::swapped);
        }
        Address here = packet.destination();
        Address there = packet.source();
        return new Ip(
                packet.interfaceName(),
                here,
                there,
                packet.protocol(),
                ports,
                packet.icmpType(),
                packet.hopLimit(),
                packet.fragment(),
                packet.direction(),
                packet.workloads(),
                packet.reply(),
                packet.related());
    }

    private static Ports swapped(Ports ports) {
        int here = ports.destination();
        int there = ports.source();
        return new Ports(here, there);
    }

    private Ip inConversation(Ip packet) {
        if (isError(packet) && draw.chance(50)) {
            return packet.asRelated();
        }
        return packet.ports().isPresent() && draw.chance(15) ? packet.asReply() : packet;
    }

    private static boolean isError(Ip packet) {
        List<Integer> errors =
                packet.family() == Family.IPV4 ? List.of(3, 11, 12) : List.of(1, 2, 3, 4);
        return packet.icmpType().stream().anyMatch(errors::contains);
    }
}

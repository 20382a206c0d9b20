// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.testing.Scenario;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * The loaded programs with the rule set of a scenario.
 *
 * @param interfaces the indexes of those that packets are seen at
 */
record Kernel(
        KernelObject object,
        Probe probe,
        Image image,
        Scenario scenario,
        Map<String, Integer> interfaces) {
    /** The answer on a packet, whose conversation is known for as long as it takes. */
    Probe.Answer judge(ReferencePacket packet, ByteBuffer frame) {
        List<Socket> conversations = conversations(packet);
        new Conversations(object).seed(conversations);
        int at = interfaces.get(packet.interfaceName());
        Probe.Answer answer =
                packet.direction() == Direction.INGRESS
                        ? probe.live().arriving(frame, at)
                        : probe.live().leaving(frame, at, workloadClass(packet));
        for (Socket socket : conversations) {
            object.map(socket.begunHere() ? "outbound" : "inbound")
                    .delete(Conversations.key(socket));
        }
        return answer;
    }

    /** Null if no decision has the number. */
    Decision decision(Probe.Answer answer) {
        int number = answer.decision() & Image.NUMBER;
        return DecisionIds.FIXED.getOrDefault(number, image.decisions().byNumber().get(number));
    }

    /** What the program of a direction returns for a packet that is not answered. */
    static int result(Direction direction, boolean drops) {
        if (direction == Direction.INGRESS) {
            return drops ? LoadedDataplane.XDP_DROP : LoadedDataplane.XDP_PASS;
        }
        return drops ? LoadedDataplane.TC_SHOT : LoadedDataplane.TC_UNSPEC;
    }

    private static List<Socket> conversations(ReferencePacket packet) {
        if (!(packet instanceof Ip ip)) {
            return List.of();
        }
        if (ip.related()) {
            return List.of(Frames.quoted(ip));
        }
        return ip.reply() ? List.of(Frames.answered(ip)) : List.of();
    }

    /** The reason of what leaves where no policy has a say in it. */
    Reason unjudged(ReferencePacket packet) {
        boolean isLookedAt = image.egress().isPresent();
        return isLookedAt && packet instanceof NotIp ? Reason.NOT_IP : Reason.NO_RESOURCE;
    }

    /** Of the innermost cgroup around the sender that a resource names. */
    private int workloadClass(ReferencePacket packet) {
        Map<Cgroup, Integer> classes =
                image.egress().<Map<Cgroup, Integer>>map(Image.Egress::workloads).orElse(Map.of());
        for (Workload workload : packet.workloads()) {
            for (Cgroup cgroup : scenario.environment().workloads().get(workload)) {
                if (classes.containsKey(cgroup)) {
                    return classes.get(cgroup);
                }
            }
        }
        return 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Direction;
import java.util.Optional;

/** Asks the loaded programs about packets. */
final class LiveRules {
    private final Probe probe;
    private final Generations generations;
    private final DecisionBook decisions;

    LiveRules(Probe probe, Generations generations, DecisionBook decisions) {
        this.probe = probe;
        this.generations = generations;
        this.decisions = decisions;
    }

    Dataplane.Judgement judge(ProbePacket packet, HostInterface at) {
        Probe.Answer answer = probe.live().arriving(packet.frame(), at.index());
        return judgement(answer, Direction.INGRESS, at);
    }

    Dataplane.Judgement judgeLeaving(
            ProbePacket packet, HostInterface at, Optional<Cgroup> sender) {
        int workload =
                generations
                        .image()
                        .flatMap(Image::egress)
                        .flatMap(egress -> sender.map(egress::workloadClass))
                        .orElse(0);
        Probe.Answer answer = probe.live().leaving(packet.frame(), at.index(), workload);
        return judgement(answer, Direction.EGRESS, at);
    }

    private Dataplane.Judgement judgement(
            Probe.Answer answer, Direction direction, HostInterface at) {
        return new Dataplane.Judgement(
                decisions.decision(answer.decision() & Image.NUMBER),
                answer.generation(),
                at.name(),
                generations.image().map(image -> image.judges(direction)).orElse(false));
    }
}

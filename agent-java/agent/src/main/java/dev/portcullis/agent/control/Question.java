// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.ExplainRequest;
import dev.portcullis.dataplane.Original;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import dev.portcullis.policy.validation.WorkloadCheck;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * "What becomes of a packet from here to there?"
 *
 * @param direction empty if it is not told
 * @param sender whose process sends it, if it is told
 * @param interfaceName where it comes in or goes out, if it is told
 */
record Question(
        ProbePacket packet,
        Optional<Direction> direction,
        Optional<Workload> sender,
        Optional<String> interfaceName) {
    /**
     * @throws Refusal with everything that is wrong with it
     */
    static Question of(ExplainRequest request) {
        Findings findings = new Findings("");
        Optional<ProbePacket> packet =
                new PacketText(findings).read(request.getFrom(), request.getTo());
        Optional<Direction> direction = direction(request.getDirection(), findings);
        Optional<Workload> sender =
                request.hasWorkload()
                        ? WorkloadCheck.check(request.getWorkload(), "workload", findings)
                        : Optional.empty();
        if (request.hasOriginal()) {
            Optional<Original> original = OriginalText.read(request.getOriginal(), findings);
            if (packet.isPresent() && !packet.get().isTcp()) {
                findings.violation(
                        "original", "is only for TCP, over which balancers send PROXY headers");
            }
            packet = packet.flatMap(asked -> original.map(asked::proxiedFor));
        }
        if (!findings.violations().isEmpty()) {
            throw Refusal.invalid(findings.violations());
        }
        return new Question(
                packet.orElseThrow(),
                direction,
                sender,
                Optional.of(request.getInterface()).filter(name -> !name.isEmpty()));
    }

    private static Optional<Direction> direction(String text, Findings findings) {
        Optional<Direction> direction =
                Arrays.stream(Direction.values())
                        .filter(one -> one.label().equals(text))
                        .findFirst();
        if (direction.isEmpty() && !text.isEmpty()) {
            findings.violation(
                    "direction",
                    Quoted.of(text)
                            + " is none"
                            + Suggestion.didYouMean(text, List.of("ingress", "egress"))
                            + "; write ingress or egress");
        }
        return direction;
    }
}

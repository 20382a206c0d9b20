// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.dataplane.Original;
import dev.portcullis.dataplane.ProbePacket;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Resource;
import java.util.Optional;

/** Whether a packet was judged by whom a balancer has sent it for. */
final class Proxying {
    private Proxying() {}

    /** Empty if it was judged by its own source. */
    static Optional<Original> of(ProbePacket packet, Decision decision, DesiredState state) {
        return isFromBalancer(packet, decision, state) ? packet.original() : Optional.empty();
    }

    static boolean isFromBalancer(ProbePacket packet, Decision decision, DesiredState state) {
        Optional<Resource> resource =
                Optional.ofNullable(state.resources().get(decision.resource()));
        return decision.direction() == Direction.INGRESS
                && packet.isTcp()
                && resource.stream()
                        .flatMap(found -> found.balancers().stream())
                        .anyMatch(prefix -> prefix.contains(packet.from()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.OptionalInt;

/**
 * What becomes of a packet, and why.
 *
 * @param decision whose resource and policy are empty where none decided
 * @param rule the place of the first rule of the deciding policy that matches, from 0
 */
public record Answer(Decision decision, OptionalInt rule) {
    static Answer of(Reason reason) {
        return of(reason, "");
    }

    static Answer of(Reason reason, String resource) {
        return new Answer(
                new Decision(resource, "", Direction.INGRESS, reason), OptionalInt.empty());
    }

    static Answer match(String resource, String policy, int rule) {
        return new Answer(
                new Decision(resource, policy, Direction.INGRESS, Reason.POLICY_MATCH),
                OptionalInt.of(rule));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Verdict;
import java.util.OptionalInt;

/**
 * What becomes of a packet, and why.
 *
 * @param decision whose resource and policy are empty where none decided
 * @param rule the place of the first rule of the deciding policy that matches, from 0
 */
public record Answer(Decision decision, OptionalInt rule) {
    /** One that names no resource. */
    static Answer of(Reason reason, Direction direction, boolean audit) {
        return new Answer(new Decision("", "", direction, reason, audit), OptionalInt.empty());
    }

    static Answer of(Reason reason, Direction direction) {
        return of(reason, direction, false);
    }

    /** One that names no policy. */
    static Answer of(Reason reason, Direction direction, Resource resource) {
        return of(reason, direction, resource, "", OptionalInt.empty());
    }

    /**
     * @param policy the one that decided; empty if none did
     */
    static Answer of(
            Reason reason,
            Direction direction,
            Resource resource,
            String policy,
            OptionalInt rule) {
        boolean audit =
                reason.verdict() == Verdict.DROP && resource.enforcement() == Enforcement.AUDIT;
        return new Answer(new Decision(resource.name(), policy, direction, reason, audit), rule);
    }
}

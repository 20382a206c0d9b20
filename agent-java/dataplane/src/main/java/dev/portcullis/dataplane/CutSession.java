// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;

/**
 * A connection that passes now, and would not by another rule set.
 *
 * @param decision on its packets by that one
 */
public record CutSession(Session session, String interfaceName, Decision decision) {
    @Override
    public String toString() {
        boolean in = decision.direction() == Direction.INGRESS;
        return session
                + ": "
                + (in ? "its packets, coming in at " : "the answers, leaving by ")
                + interfaceName
                + ", would be denied"
                + (decision.resource().isEmpty() ? "" : " by resource " + decision.resource())
                + (decision.policy().isEmpty() ? "" : ", policy " + decision.policy())
                + " ("
                + decision.reason().label()
                + ")";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;

/**
 * What a class of peers' addresses is told apart by: whether it is inside this.
 *
 * @param policy the policy whose rules of one action, protocol and ports these are; empty for what
 *     is no rule
 * @param action of those rules
 * @param remotePorts that those rules are about
 */
public record Member(String policy, Rule.Action action, RemotePorts remotePorts) {
    /** Peers of the failsafe list, own addresses of the host, addresses whose name is known. */
    static final Member NO_RULE = new Member("", Rule.Action.ALLOW);

    /** Rules about every protocol and port. */
    public Member(String policy, Rule.Action action) {
        this(policy, action, RemotePorts.ANY);
    }
}

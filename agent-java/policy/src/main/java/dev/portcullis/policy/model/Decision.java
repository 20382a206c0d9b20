// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A way in which packets are decided; each has counters of its own.
 *
 * @param resource the resource that governed; empty if none did
 * @param policy the policy that decided; empty if none did
 */
public record Decision(String resource, String policy, Direction direction, Reason reason) {
    public Verdict verdict() {
        return reason.verdict();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/**
 * A way in which packets are decided; each has counters of its own.
 *
 * @param resource the resource that governed; empty if none did
 * @param policy the policy that decided; empty if none did
 * @param audit whether a denial only would have been one
 */
public record Decision(
        String resource, String policy, Direction direction, Reason reason, boolean audit) {
    public Decision {
        if (audit && reason.verdict() != Verdict.DROP) {
            throw new IllegalArgumentException(reason + " denies nothing");
        }
    }

    public Verdict verdict() {
        return audit ? Verdict.AUDIT : reason.verdict();
    }
}

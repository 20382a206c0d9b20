// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Policy;

/**
 * A policy with the members that its rules are.
 *
 * @param allow {@link Sources#NONE} if it has no such rules, like {@code deny}
 * @param asksAllow whether some of those that allow are patterns of names
 * @param asksDeny whether some of those that deny are
 */
record PolicyMembers(Policy policy, int allow, int deny, boolean asksAllow, boolean asksDeny) {
    boolean asksNames() {
        return asksAllow || asksDeny;
    }
}

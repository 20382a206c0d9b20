// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the numbers of decisions stand for, from rule set to rule set. */
final class DecisionBook {
    private volatile DecisionIds inForce;
    private volatile DecisionIds previous = DecisionIds.none();

    /** Those of a rule set that may come back. */
    private Optional<DecisionIds> held = Optional.empty();

    DecisionBook(DecisionIds inForce) {
        this.inForce = inForce;
    }

    DecisionIds inForce() {
        return inForce;
    }

    /** What the next rule set's numbers are taken from. */
    DecisionIds basis() {
        return held.map(inForce::keeping).orElse(inForce);
    }

    void commit(DecisionIds next) {
        previous = inForce;
        inForce = next;
    }

    /** No other decisions get these numbers until {@link #release} or {@link #comeBack}. */
    void hold(DecisionIds mayComeBack) {
        held = Optional.of(mayComeBack);
    }

    void release() {
        held = Optional.empty();
    }

    /** What was held is in force again. */
    void comeBack() {
        held.ifPresent(before -> commit(before.keeping(inForce)));
        release();
    }

    Decision decision(int number) {
        return of(number, inForce)
                // A report may come after the commit that did away with its decision.
                .or(() -> of(number, previous))
                .orElseGet(() -> new Decision("", "", Direction.INGRESS, Reason.FAULT, false));
    }

    private static Optional<Decision> of(int number, DecisionIds decisions) {
        return Optional.ofNullable(DecisionIds.FIXED.get(number))
                .or(() -> Optional.ofNullable(decisions.byNumber().get(number)));
    }

    Map<Integer, Decision> all() {
        Map<Integer, Decision> all = new TreeMap<>(DecisionIds.FIXED);
        all.putAll(inForce.byNumber());
        return all;
    }
}

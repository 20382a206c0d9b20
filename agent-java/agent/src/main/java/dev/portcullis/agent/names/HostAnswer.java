// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * How it stands with an exact host name in one family.
 *
 * @param addresses of the last answer; empty if there was none yet
 * @param problem of the last question; empty if it was answered
 * @param failures since the last answer
 * @param due when to ask again, in nanoseconds on the book's clock
 */
record HostAnswer(
        HostQuestion question,
        Optional<Set<Address>> addresses,
        String problem,
        int failures,
        long due) {
    /** What is due first comes first. */
    static final Comparator<HostAnswer> BY_DUE =
            Comparator.comparingLong(HostAnswer::due)
                    .thenComparing(answer -> answer.question().name())
                    .thenComparing(answer -> answer.question().family());

    static final Comparator<HostAnswer> BY_NAME =
            Comparator.<HostAnswer, String>comparing(answer -> answer.question().name())
                    .thenComparing(answer -> answer.question().family());

    static HostAnswer unasked(HostQuestion question, long due) {
        return new HostAnswer(question, Optional.empty(), "", 0, due);
    }

    HostAnswer answered(Set<Address> now, long nextDue) {
        return new HostAnswer(question, Optional.of(now), "", 0, nextDue);
    }

    HostAnswer failed(String why, long nextDue) {
        return new HostAnswer(question, addresses, why, failures + 1, nextDue);
    }

    HostAnswer dueAt(long nextDue) {
        return new HostAnswer(question, addresses, problem, failures, nextDue);
    }

    /** None while there is no answer. */
    Set<Address> current() {
        return addresses.orElse(Set.of());
    }
}

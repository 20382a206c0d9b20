// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Prefix;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * An answer about an address. Times are nanoseconds on the book's clock.
 *
 * @param names confirmed; empty if DNS did not answer
 * @param sought whether a rule's pattern matches one of the names
 * @param ends when the answer ends by its TTL
 * @param due when to look at it again: at its end, or later where a refresh is under way
 * @param failures of refreshing it
 */
record KnownAddress(
        Address address,
        Optional<Set<String>> names,
        boolean sought,
        long ends,
        long due,
        int failures) {
    /** What is due first comes first. */
    static final Comparator<KnownAddress> BY_DUE =
            Comparator.comparingLong(KnownAddress::due)
                    .thenComparing(known -> Prefix.of(known.address()));

    AddressState state() {
        if (names.isEmpty()) {
            return AddressState.UNANSWERED;
        }
        return names.get().isEmpty() ? AddressState.UNNAMED : AddressState.NAMED;
    }

    KnownAddress sought(boolean nowSought) {
        return new KnownAddress(address, names, nowSought, ends, due, failures);
    }

    KnownAddress endingAt(long end) {
        return new KnownAddress(address, names, sought, end, end, failures);
    }

    KnownAddress dueAt(long nextDue, int failed) {
        return new KnownAddress(address, names, sought, ends, nextDue, failed);
    }
}

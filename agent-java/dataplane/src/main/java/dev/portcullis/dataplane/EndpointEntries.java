// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A rule set's private endpoints, each with the stretch of indexes that its members' times have.
 *
 * @param classes of the entries
 */
record EndpointEntries(ClassMembers classes, Map<PrivateEndpoint, Entry> entries) {
    /** The kernel's {@code struct source}. */
    record Entry(int set, int stretch) {}

    EndpointEntries {
        entries = Map.copyOf(entries);
    }

    /** Of a rule set that names none. */
    static EndpointEntries none() {
        return new EndpointEntries(new ClassMembers(List.of()), Map.of());
    }

    /**
     * The entries of the next rule set.
     *
     * @param next the class of each of its endpoints
     */
    EndpointEntries next(Map<PrivateEndpoint, Integer> next, Handover handover) {
        Map<PrivateEndpoint, Entry> fresh = new HashMap<>();
        next.forEach((endpoint, set) -> {
            Entry old = entries.get(endpoint);
            int stretch =
                    old == null ? handover.take(set) : handover.keep(old.set, old.stretch, set);
            fresh.put(endpoint, new Entry(set, stretch));
        });
        entries.forEach((endpoint, old) -> {
            if (!next.containsKey(endpoint)) {
                handover.release(old.set, old.stretch);
            }
        });
        return new EndpointEntries(handover.classes(), fresh);
    }

    /** How many indexes an entry has. */
    int length(Entry entry) {
        return entry.stretch == Stretches.NONE ? 0 : classes.length(entry.set);
    }

    /** The place of a member's time in the entry of an endpoint. */
    OptionalInt index(Member member, PrivateEndpoint endpoint) {
        Entry entry = entries.get(endpoint);
        int place =
                entry == null || entry.stretch == Stretches.NONE
                        ? -1
                        : classes.place(entry.set, member);
        return place < 0
                ? OptionalInt.empty()
                : OptionalInt.of(entry.stretch + ClassMembers.offset(place));
    }
}

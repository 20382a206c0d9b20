// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A rule set's entries of one direction, each with the stretch of indexes that its members' times
 * have.
 *
 * @param classes of the values in the tables
 * @param entries the entries of each family
 */
record RuleEntries(ClassMembers classes, Map<Family, TrieEntries> entries) {
    /** Of a rule set without rules. */
    static RuleEntries none() {
        Map<Family, TrieEntries> none = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            none.put(family, TrieEntries.none(family));
        }
        return new RuleEntries(new ClassMembers(List.of()), none);
    }

    PrefixTable table(Family family) {
        return entries.get(family).table();
    }

    /** Goes through the places of a member's times in the entries inside a prefix. */
    void forEachIndex(Member member, Prefix prefix, IntConsumer index) {
        TrieEntries inside = entries.get(prefix.family());
        PrefixTable table = inside.table();
        for (int row = inside.firstFrom(prefix); row < table.size(); row++) {
            if (!inside.isInside(row, prefix)) {
                return;
            }
            int place = classes.place(table.value(row), member);
            if (place >= 0 && inside.stretch(row) != Stretches.NONE) {
                index.accept(inside.stretch(row) + ClassMembers.offset(place));
            }
        }
    }
}

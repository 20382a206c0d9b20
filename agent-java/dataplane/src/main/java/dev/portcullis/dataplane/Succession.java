// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Family;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the peers' entries of one rule set leave to those of the next, for one direction: one pass
 * over the two sorted tables of each family.
 *
 * <p>If an entry goes, what is known of its members passes to the entry that now stands for its
 * addresses.
 */
final class Succession {
    private final Map<Family, TrieEntries> before;
    private final Handover handover;
    private final Map<Family, TrieEntries> entries = new EnumMap<>(Family.class);

    /**
     * @param next the members of the next rule set's classes
     */
    Succession(RuleEntries before, List<List<Member>> next, Stretches stretches, MatchTimes times) {
        this.before = before.entries();
        handover = new Handover(before.classes(), next, stretches, times);
    }

    /** Gives the entries of a table their stretches. */
    void add(PrefixTable table) {
        TrieEntries old = before.get(table.family());
        int[] starts = new int[table.size()];
        TrieEntries next = TrieEntries.peers(table, starts);
        Ancestors ancestors = new Ancestors(next);
        int oldRow = 0;
        for (int row = 0; row < starts.length; row++) {
            while (oldRow < old.table().size() && old.table().compare(oldRow, table, row) < 0) {
                gone(old, oldRow, next, ancestors.of(old, oldRow));
                oldRow++;
            }
            boolean same =
                    oldRow < old.table().size() && old.table().compare(oldRow, table, row) == 0;
            int set = table.value(row);
            starts[row] =
                    same
                            ? handover.keep(old.table().value(oldRow), old.stretch(oldRow), set)
                            : handover.take(set);
            oldRow += same ? 1 : 0;
            ancestors.push(row);
        }
        for (; oldRow < old.table().size(); oldRow++) {
            gone(old, oldRow, next, ancestors.of(old, oldRow));
        }
        entries.put(table.family(), next);
    }

    private void gone(TrieEntries old, int oldRow, TrieEntries next, int heir) {
        int oldSet = old.table().value(oldRow);
        int oldStart = old.stretch(oldRow);
        if (heir >= 0) {
            handover.move(oldSet, oldStart, next.table().value(heir), next.stretch(heir));
        }
        handover.release(oldSet, oldStart);
    }

    RuleEntries entries() {
        return new RuleEntries(handover.classes(), entries);
    }

    Handover handover() {
        return handover;
    }

    /** The entries whose prefixes hold the place that a pass over a sorted table has come to. */
    private static final class Ancestors {
        private final TrieEntries entries;
        private int[] rows = new int[16];
        private int count;

        Ancestors(TrieEntries entries) {
            this.entries = entries;
        }

        /** The row of the longest prefix that holds that of the other row; -1 if none does. */
        int of(TrieEntries other, int otherRow) {
            while (count > 0 && !entries.holds(rows[count - 1], other, otherRow)) {
                count--;
            }
            return count == 0 ? -1 : rows[count - 1];
        }

        void push(int row) {
            of(entries, row);
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
            }
            rows[count++] = row;
        }
    }
}

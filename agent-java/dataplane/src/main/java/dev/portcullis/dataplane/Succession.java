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
 * What becomes of the stretches of one rule set in the next, for one direction: one pass over the
 * two sorted tables of each family.
 *
 * <p>An entry keeps its stretch while its prefix and members are the same. If its members change it
 * gets a new one, to which the times of those that stay are moved. If it goes, what is known of its
 * members passes to the entry that now stands for its addresses.
 *
 * <p>Times are moved twice: before packets are judged by the next rule set, and after, because the
 * kernel goes on writing to the old stretches until then.
 */
final class Succession {
    private final Map<Family, TrieEntries> before;
    private final ClassMembers oldClasses;
    private final ClassMembers classes;
    private final Stretches stretches;
    private final MatchTimes times;

    private final IntPairs taken = new IntPairs();
    private final IntPairs released = new IntPairs();
    private final IntPairs moves = new IntPairs();
    private final Map<Family, TrieEntries> entries = new EnumMap<>(Family.class);

    /**
     * @param next the members of the next rule set's classes
     */
    Succession(RuleEntries before, List<List<Member>> next, Stretches stretches, MatchTimes times) {
        ClassMembers.Numbers numbers = new ClassMembers.Numbers();
        this.before = before.entries();
        oldClasses = new ClassMembers(before.classes().lists(), numbers);
        classes = new ClassMembers(next, numbers);
        this.stretches = stretches;
        this.times = times;
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
            starts[row] = same ? kept(old, oldRow, table.value(row)) : take(table.value(row));
            oldRow += same ? 1 : 0;
            ancestors.push(row);
        }
        for (; oldRow < old.table().size(); oldRow++) {
            gone(old, oldRow, next, ancestors.of(old, oldRow));
        }
        entries.put(table.family(), next);
    }

    private int kept(TrieEntries old, int oldRow, int set) {
        int oldSet = old.table().value(oldRow);
        int oldStart = old.stretch(oldRow);
        if (oldStart == Stretches.NONE) {
            return take(set);
        }
        if (oldClasses.identity(oldSet) == classes.identity(set)) {
            return oldStart;
        }
        int start = take(set);
        move(oldSet, oldStart, set, start);
        release(oldSet, oldStart);
        return start;
    }

    private void gone(TrieEntries old, int oldRow, TrieEntries next, int heir) {
        int oldSet = old.table().value(oldRow);
        int oldStart = old.stretch(oldRow);
        if (oldStart == Stretches.NONE) {
            return;
        }
        if (heir >= 0) {
            move(oldSet, oldStart, next.table().value(heir), next.stretch(heir));
        }
        release(oldSet, oldStart);
    }

    private int take(int set) {
        int length = classes.length(set);
        int start = length == 0 ? Stretches.NONE : stretches.take(length);
        if (start != Stretches.NONE) {
            taken.add(start, length);
            for (int i = 0; i < length; i++) {
                times.clear(start + i);
            }
        }
        return start;
    }

    private void release(int oldSet, int oldStart) {
        released.add(oldStart, oldClasses.length(oldSet));
    }

    private void move(int oldSet, int oldStart, int set, int start) {
        if (start != Stretches.NONE) {
            oldClasses.common(
                    oldSet,
                    classes,
                    set,
                    (offset, other) -> moves.add(oldStart + offset, start + other));
        }
    }

    /** Copies the times that were moved, where they are later than those there. */
    void moveTimes() {
        moves.forEach((from, to) -> times.raise(to, times.get(from)));
    }

    RuleEntries entries() {
        return new RuleEntries(classes, entries);
    }

    /** Gives back what was taken: the rule set does not come into force. */
    void undo() {
        taken.forEach(stretches::giveBack);
    }

    /** What nothing points to once no packet is judged by the old rule set. */
    IntPairs released() {
        return released;
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

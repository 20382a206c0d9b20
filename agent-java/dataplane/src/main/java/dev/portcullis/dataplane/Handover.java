// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import java.util.List;

/**
 * The stretches that entries of one rule set leave to those of the next, and the times that pass
 * with them.
 *
 * <p>An entry keeps its stretch while its members are the same. If they change it gets a new one,
 * to which the times of those that stay are moved.
 *
 * <p>Times are moved twice: before packets are judged by the next rule set, and after, because the
 * kernel goes on writing to the old stretches until then.
 */
final class Handover {
    private final ClassMembers oldClasses;
    private final ClassMembers classes;
    private final Stretches stretches;
    private final MatchTimes times;

    private final IntPairs taken = new IntPairs();
    private final IntPairs released = new IntPairs();
    private final IntPairs moves = new IntPairs();

    /**
     * @param before the members of the classes of the rule set before
     * @param next those of the next rule set's
     */
    Handover(ClassMembers before, List<List<Member>> next, Stretches stretches, MatchTimes times) {
        ClassMembers.Numbers numbers = new ClassMembers.Numbers();
        oldClasses = new ClassMembers(before.lists(), numbers);
        classes = new ClassMembers(next, numbers);
        this.stretches = stretches;
        this.times = times;
    }

    /** The members of the next rule set's classes. */
    ClassMembers classes() {
        return classes;
    }

    /** The stretch of an entry that both rule sets have. */
    int keep(int oldSet, int oldStart, int set) {
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

    /** The stretch of an entry that is new. */
    int take(int set) {
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

    /** The stretch of an entry that is gone serves again. */
    void release(int oldSet, int oldStart) {
        if (oldStart != Stretches.NONE) {
            released.add(oldStart, oldClasses.length(oldSet));
        }
    }

    /** The times of members that two entries have in common pass from one to the other. */
    void move(int oldSet, int oldStart, int set, int start) {
        if (oldStart != Stretches.NONE && start != Stretches.NONE) {
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

    /** Gives back what was taken: the rule set does not come into force. */
    void undo() {
        taken.forEach(stretches::giveBack);
    }

    /** What nothing points to once no packet is judged by the old rule set. */
    IntPairs released() {
        return released;
    }
}

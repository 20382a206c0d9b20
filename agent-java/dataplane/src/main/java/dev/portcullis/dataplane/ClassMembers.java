// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The members of each source class as numbers, so that a million entries can be gone through
 * quickly. The numbers of one {@link Numbers} are comparable.
 */
final class ClassMembers {
    /** Stands for a member that is no rule. */
    private static final int NO_RULE = -1;

    /** Numbers for members and for whole classes, the same for what is equal. */
    static final class Numbers {
        private final Map<Member, Integer> members = new HashMap<>();
        private final Map<List<Member>, Integer> classes = new HashMap<>();
    }

    private final List<List<Member>> classes;
    private final int[][] members;
    private final int[] identities;
    private final int[] lengths;
    private final Map<Member, Integer> numbers;

    ClassMembers(List<List<Member>> classes) {
        this(classes, new Numbers());
    }

    ClassMembers(List<List<Member>> classes, Numbers numbers) {
        this.classes = List.copyOf(classes);
        this.numbers = numbers.members;
        members = new int[classes.size()][];
        identities = new int[classes.size()];
        lengths = new int[classes.size()];
        for (int i = 0; i < members.length; i++) {
            List<Member> list = classes.get(i);
            identities[i] = numbers.classes.computeIfAbsent(list, k -> numbers.classes.size());
            members[i] = new int[list.size()];
            for (int place = 0; place < list.size(); place++) {
                Member member = list.get(place);
                members[i][place] = NO_RULE;
                if (!member.policy().isEmpty()) {
                    members[i][place] =
                            numbers.members.computeIfAbsent(member, k -> numbers.members.size());
                    lengths[i] = offset(place) + 1;
                }
            }
        }
    }

    /**
     * Where in a stretch the member at this place has its time; those far behind share the last.
     */
    static int offset(int place) {
        return Math.min(place, Stretches.LONGEST - 1);
    }

    List<List<Member>> lists() {
        return classes;
    }

    /** Equal for classes of the same members in the same order. */
    int identity(int set) {
        return identities[set];
    }

    /** The length of a stretch for entries of the class; 0 if no member is a rule. */
    int length(int set) {
        return lengths[set];
    }

    /** The place of a member in a class; negative if it is not in it. */
    int place(int set, Member member) {
        Integer number = numbers.get(member);
        return number == null ? -1 : place(set, number);
    }

    private int place(int set, int number) {
        int[] list = members[set];
        for (int place = 0; place < list.length; place++) {
            if (list[place] == number) {
                return place;
            }
        }
        return -1;
    }

    /** What is done with one member that two entries have. */
    @FunctionalInterface
    interface Pair {
        void accept(int offset, int otherOffset);
    }

    /** Goes through the rules that are in a class of these and in one of the others. */
    void common(int set, ClassMembers others, int otherSet, Pair pair) {
        for (int place = 0; place < members[set].length; place++) {
            int number = members[set][place];
            int other = number == NO_RULE ? -1 : others.place(otherSet, number);
            if (other >= 0) {
                pair.accept(offset(place), offset(other));
            }
        }
    }
}

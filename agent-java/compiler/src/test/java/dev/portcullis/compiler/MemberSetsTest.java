// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MemberSetsTest {
    private final MemberSets sets = new MemberSets();

    @Test
    void the_same_members_make_the_same_set_in_whatever_order_they_came() {
        assertThat(set(3, 0, 7)).isEqualTo(set(7, 3, 0));
        assertThat(sets.members(set(7, 3, 0))).containsExactly(0, 3, 7);
    }

    @Test
    void a_member_that_is_there_already_changes_nothing() {
        assertThat(sets.with(set(1, 2), 2)).isEqualTo(set(1, 2));
    }

    @Test
    void without_its_last_member_a_set_is_the_empty_one() {
        assertThat(sets.without(set(5), 5)).isEqualTo(MemberSets.EMPTY);
    }

    @Test
    void a_step_to_a_smaller_set_makes_no_other_sets_on_the_way() {
        int all = set(1, 2, 3);
        int before = sets.size();

        int less = sets.without(all, 1);

        assertThat(sets.members(less)).containsExactly(2, 3);
        assertThat(sets.size()).isEqualTo(before + 1);
    }

    @Test
    void sets_of_equal_sums_are_different() {
        assertThat(set(1, 4)).isNotEqualTo(set(2, 3));
    }

    @Test
    void tens_of_thousands_of_random_steps_lead_where_they_lead_sets_of_objects() {
        Random random = new Random(7);
        Map<TreeSet<Integer>, Integer> numbers = new HashMap<>(Map.of(new TreeSet<>(), 0));
        TreeSet<Integer> expected = new TreeSet<>();
        int set = MemberSets.EMPTY;

        for (int step = 0; step < 50_000; step++) {
            int member = random.nextInt(40);
            boolean removed = expected.remove(member);
            if (!removed) {
                expected.add(member);
            }
            set = removed ? sets.without(set, member) : sets.with(set, member);
            assertThat(numbers.computeIfAbsent(new TreeSet<>(expected), key -> sets.size() - 1))
                    .isEqualTo(set);
        }

        assertThat(sets.size()).isEqualTo(numbers.size()).isGreaterThan(10_000);
        assertThat(sets.members(set))
                .containsExactly(expected.stream().mapToInt(Integer::intValue).toArray());
    }

    @Test
    void each_member_knows_the_sets_that_hold_it() {
        int one = set(1);
        int both = set(1, 2);

        assertThat(sets.byMember(3))
                .containsExactly(new int[] {}, new int[] {one, both}, new int[] {both});
    }

    private int set(int... members) {
        int set = MemberSets.EMPTY;
        for (int member : members) {
            set = sets.with(set, member);
        }
        return set;
    }
}

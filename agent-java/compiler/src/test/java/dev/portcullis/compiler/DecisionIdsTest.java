// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionIdsTest {
    private static final Decision WEB =
            new Decision("web", "", Direction.INGRESS, Reason.NO_POLICY_MATCH, false);
    private static final Decision DB =
            new Decision("db", "", Direction.INGRESS, Reason.NO_POLICY_MATCH, false);
    private static final Decision LOG =
            new Decision("log", "office", Direction.INGRESS, Reason.POLICY_MATCH, false);

    @Test
    void a_decision_keeps_its_number_as_long_as_it_is_used() {
        DecisionIds first = DecisionIds.none().assign(Set.of(WEB));

        DecisionIds second = first.assign(Set.of(DB, WEB));

        assertThat(second.number(WEB)).isEqualTo(first.number(WEB));
        assertThat(second.number(DB)).isNotEqualTo(second.number(WEB));
    }

    @Test
    void a_number_rests_while_the_rule_set_that_used_it_may_still_be_judged_by() {
        DecisionIds first = DecisionIds.none().assign(Set.of(WEB));

        DecisionIds second = first.assign(Set.of(DB));
        DecisionIds third = second.assign(Set.of(DB, LOG));
        DecisionIds fourth = third.assign(Set.of(DB, LOG, WEB));

        assertThat(second.number(DB)).isNotEqualTo(first.number(WEB));
        assertThat(third.number(LOG)).isNotEqualTo(first.number(WEB));
        assertThat(fourth.number(WEB)).isEqualTo(first.number(WEB));
    }

    @Test
    void numbers_that_got_another_meaning_are_named_so_that_their_counters_are_reset() {
        DecisionIds first = DecisionIds.none().assign(Set.of(WEB));

        DecisionIds second = first.assign(Set.of(WEB, DB));

        assertThat(second.newSince(first)).containsExactly(second.number(DB));
    }

    @Test
    void the_stored_form_is_read_back() {
        DecisionIds ids = DecisionIds.none().assign(Set.of(WEB, LOG));

        DecisionIds read = DecisionIds.fromBytes(ids.toBytes());

        assertThat(read.byNumber()).isEqualTo(ids.byNumber());
    }

    @Test
    void something_else_than_the_stored_form_is_refused() {
        byte[] bytes = "16 web".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> DecisionIds.fromBytes(bytes))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

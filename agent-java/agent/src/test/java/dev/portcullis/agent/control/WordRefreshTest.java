// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordRefreshTest {
    private final List<Long> tries = new ArrayList<>();
    private long second;
    private boolean isRefused = true;

    /** From just below where the clock becomes negative. */
    private final WordRefresh refresh =
            new WordRefresh(
                    this::commit, () -> Long.MAX_VALUE + Duration.ofSeconds(second - 5).toNanos());

    private void commit() {
        tries.add(second);
        if (isRefused) {
            throw new Refusal(Refusal.Cause.TOO_MUCH, "there is no room");
        }
    }

    private void retryEachSecondUntil(long end) {
        while (second < end) {
            second++;
            refresh.retry();
        }
    }

    @Test
    void what_is_refused_is_tried_again_after_pauses_that_double_to_a_minute() {
        refresh.wordsChanged();

        retryEachSecondUntil(200);

        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L);
    }

    @Test
    void a_change_of_words_is_tried_at_once_and_the_pauses_begin_anew() {
        refresh.wordsChanged();
        retryEachSecondUntil(20);

        refresh.wordsChanged();
        retryEachSecondUntil(24);

        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 20L, 21L, 23L);
    }

    @Test
    void after_a_change_of_the_state_it_is_tried_in_the_next_round() {
        refresh.wordsChanged();
        retryEachSecondUntil(20);

        refresh.stateChanged(refresh.changes());
        retryEachSecondUntil(24);

        assertThat(tries).containsExactly(0L, 1L, 3L, 7L, 15L, 21L, 22L, 24L);
    }

    @Test
    void what_succeeded_is_not_tried_again() {
        refresh.wordsChanged();
        isRefused = false;

        retryEachSecondUntil(20);

        assertThat(tries).containsExactly(0L, 1L);
    }

    @Test
    void words_that_changed_while_a_state_was_prepared_are_taken_up_after_it() {
        isRefused = false;
        long before = refresh.changes();
        refresh.wordsChanged();

        refresh.stateChanged(before);
        retryEachSecondUntil(5);

        assertThat(tries).containsExactly(0L, 1L);
    }

    @Test
    void a_state_with_the_words_as_they_are_needs_no_refresh() {
        refresh.stateChanged(refresh.changes());

        retryEachSecondUntil(5);

        assertThat(tries).isEmpty();
    }
}

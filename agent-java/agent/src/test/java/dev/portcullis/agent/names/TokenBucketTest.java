// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;

    private static int takeAll(TokenBucket bucket, long now) {
        int taken = 0;
        while (bucket.delay(now) == 0) {
            bucket.take(now);
            taken++;
        }
        return taken;
    }

    @Test
    void a_seconds_worth_may_come_at_once() {
        assertThat(takeAll(new TokenBucket(10, 0), 0)).isEqualTo(10);
    }

    @Test
    void then_one_comes_after_the_other() {
        TokenBucket bucket = new TokenBucket(10, 0);
        takeAll(bucket, 0);

        assertThat(bucket.delay(0)).isEqualTo(SECOND / 10);
        assertThat(takeAll(bucket, SECOND / 10)).isEqualTo(1);
        assertThat(takeAll(bucket, SECOND / 2)).isEqualTo(4);
    }

    @Test
    void time_without_any_is_not_saved_up_beyond_a_second() {
        TokenBucket bucket = new TokenBucket(10, 0);

        assertThat(takeAll(bucket, 100 * SECOND)).isEqualTo(10);
    }

    @Test
    void what_was_finished_on_credit_is_paid_back_first() {
        TokenBucket bucket = new TokenBucket(10, 0);
        takeAll(bucket, 0);
        for (int i = 0; i < 5; i++) {
            bucket.take(0);
        }

        assertThat(bucket.delay(0)).isEqualTo(6 * SECOND / 10);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChangeNoticeTest {
    @Test
    void changes_within_a_moment_are_told_of_together() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ChangeNotice notice = new ChangeNotice()) {
            notice.add(calls::incrementAndGet);
            long start = System.nanoTime();

            long changes = 0;
            while (calls.get() < 3) {
                notice.changed();
                changes++;
            }

            assertThat(changes).isGreaterThan(3);
            assertThat(System.nanoTime() - start)
                    .isGreaterThan(3 * ChangeNotice.MOMENT.toNanos() - 1_000_000);
        }
    }

    @Test
    void calls_are_never_at_the_same_time_and_none_is_lost_while_one_runs() throws Exception {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (ChangeNotice notice = new ChangeNotice()) {
            notice.add(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                first.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                running.decrementAndGet();
                calls.incrementAndGet();
            });
            notice.changed();
            first.await();

            notice.changed();
            release.countDown();

            Wait.until("the second call", () -> calls.get() == 2);
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void a_listener_that_fails_is_called_again() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ChangeNotice notice = new ChangeNotice()) {
            notice.add(() -> {
                calls.incrementAndGet();
                throw new IllegalStateException("on purpose");
            });

            notice.changed();
            Wait.until("the first call", () -> calls.get() == 1);
            notice.changed();

            Wait.until("the second call", () -> calls.get() == 2);
        }
    }
}

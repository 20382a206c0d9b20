// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the kernel judge by what the words in the policies stand for now: when they change, and
 * again if that was refused. As long as neither words nor state change the same is refused again,
 * so the pause between two tries doubles, from a second to a minute.
 *
 * <p>Belongs to one thread at a time, but for {@link #changes}.
 */
final class WordRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(WordRefresh.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Runnable commit;
    private final LongSupplier nanoTime;
    private final AtomicLong changes = new AtomicLong();

    /** Whether the kernel judges by words that have changed since. */
    private boolean outdated;

    private Duration pause = FIRST_PAUSE;

    /** When to try again if that is so, in the clock's time. */
    private long next;

    private String lastFailure = "";

    /**
     * @param commit makes the kernel judge by the words as they are, or throws {@link Refusal}
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    WordRefresh(Runnable commit, LongSupplier nanoTime) {
        this.commit = commit;
        this.nanoTime = nanoTime;
    }

    /** How often words have changed. */
    long changes() {
        return changes.get();
    }

    void wordsChanged() {
        changes.incrementAndGet();
        pause = FIRST_PAUSE;
        refresh();
    }

    /**
     * The kernel judges by another state.
     *
     * @param changesBefore as many as there were before its words were asked for
     */
    void stateChanged(long changesBefore) {
        outdated |= changes.get() != changesBefore;
        pause = FIRST_PAUSE;
        next = nanoTime.getAsLong();
    }

    /** To be called again and again. */
    void retry() {
        if (outdated && nanoTime.getAsLong() - next >= 0) {
            refresh();
        }
    }

    private void refresh() {
        try {
            commit.run();
            outdated = false;
            lastFailure = "";
        } catch (Refusal e) {
            outdated = true;
            next = nanoTime.getAsLong() + pause.toNanos();
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            if (!lastFailure.equals(e.getMessage())) {
                lastFailure = e.getMessage();
                LOG.error(
                        "event=refresh_failed message=\"sets and names stay as they were: {}\"",
                        e.getMessage());
            }
        }
    }
}

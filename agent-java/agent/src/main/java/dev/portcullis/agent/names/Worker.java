// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that does what is due, sleeps until more is, and can be woken. */
final class Worker implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final long LONGEST_SLEEP = Duration.ofHours(1).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ScheduledThreadPoolExecutor thread;
    private final LongSupplier round;
    private final AtomicBoolean woken = new AtomicBoolean();
    private Future<?> later;

    /**
     * @param round does what is due and returns for how many nanoseconds nothing will be
     */
    Worker(String name, LongSupplier round) {
        this.round = round;
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread made = new Thread(task, name);
                            made.setDaemon(true);
                            return made;
                        },
                        // What still comes in while it closes concerns nobody.
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
        later = thread.schedule(() -> {}, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** From any thread; many calls before the round begins are one. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            thread.execute(this::run);
        }
    }

    private void run() {
        woken.set(false);
        long sleep = SECOND;
        try {
            sleep = Math.max(0, Math.min(round.getAsLong(), LONGEST_SLEEP));
        } catch (RuntimeException e) {
            LOG.error("event=names_failed", e);
        }
        later.cancel(false);
        later = thread.schedule(this::wake, sleep, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

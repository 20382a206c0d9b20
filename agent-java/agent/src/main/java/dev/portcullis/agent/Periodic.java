// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that comes again and again, and may take longer than the watchdog waits. */
final class Periodic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> runs;

    private Periodic(Duration pause, String name, Runnable work) {
        executor =
                Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        runs =
                executor.scheduleWithFixedDelay(
                        () -> run(name, work),
                        pause.toMillis(),
                        pause.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /**
     * @param pause between the end of one run and the begin of the next
     * @param name of the thread
     */
    static Periodic every(Duration pause, String name, Runnable work) {
        return new Periodic(pause, name, work);
    }

    private static void run(String name, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("event=periodic_failed work={} error=\"{}\"", name, e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        runs.cancel(false);
        executor.shutdown();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread in which sets are refreshed. What is given to it after its end is not done. */
final class RefreshThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshThread.class);

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1, RefreshThread::thread, new ThreadPoolExecutor.DiscardPolicy());

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "address-sets");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        after(Duration.ZERO, task);
    }

    /** Runs a task. One that throws is a defect, and said in the log. */
    void after(Duration delay, Runnable task) {
        var unused =
                executor.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("event=address_set_fault error=\"{}\"", e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

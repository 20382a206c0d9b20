// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.files;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread in which what comes from files and servers is refreshed. What is given to it after
 * its end is not done.
 */
public final class RefreshThread implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshThread.class);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;

    /**
     * @param name of the thread
     */
    public RefreshThread(String name) {
        this.name = name;
        executor =
                new ScheduledThreadPoolExecutor(
                        1, this::thread, new ThreadPoolExecutor.DiscardPolicy());
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        after(Duration.ZERO, task);
    }

    /** Runs a task. One that throws is a defect, and said in the log. */
    public void after(Duration delay, Runnable task) {
        var unused =
                executor.schedule(() -> guarded(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("event=refresh_fault thread={} error=\"{}\"", name, e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

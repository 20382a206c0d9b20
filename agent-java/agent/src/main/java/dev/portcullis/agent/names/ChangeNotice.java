// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners that something has changed, on a thread of its own, one call after the other.
 * Changes within a moment, or while a listener is busy, are told of together.
 */
final class ChangeNotice implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeNotice.class);
    static final Duration MOMENT = Duration.ofMillis(100);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Holds one thing while there is a change to tell of. */
    private final BlockingQueue<Boolean> change = new ArrayBlockingQueue<>(1);

    private volatile boolean closed;

    ChangeNotice() {
        Thread thread = new Thread(this::run, "names-changed");
        thread.setDaemon(true);
        thread.start();
    }

    void add(Runnable listener) {
        listeners.add(listener);
    }

    void changed() {
        change.offer(true);
    }

    private void run() {
        try {
            while (!closed) {
                change.take();
                Thread.sleep(MOMENT.toMillis());
                change.clear();
                tell();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell() {
        for (Runnable listener : listeners) {
            if (closed) {
                return;
            }
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("event=names_listener_failed", e);
            }
        }
    }

    /** Lets a call that runs come to its end, and does not wait for it. */
    @Override
    public void close() {
        closed = true;
        changed();
    }
}

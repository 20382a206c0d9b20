// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.systemd.Notifier;
import dev.portcullis.dataplane.Dataplane;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be done again and again: following the host, and telling the watchdog so. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Control control;
    private final Dataplane dataplane;
    private final Notifier notifier;
    private final Thread thread = new Thread(this::run, "housekeeping");
    private final CountDownLatch closed = new CountDownLatch(1);
    private String lastFailure = "";

    Housekeeping(Control control, Dataplane dataplane, Notifier notifier) {
        this.control = control;
        this.dataplane = dataplane;
        this.notifier = notifier;
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration pause =
                notifier.watchdog()
                        .map(interval -> interval.dividedBy(3))
                        .filter(third -> third.compareTo(PERIOD) < 0)
                        .orElse(PERIOD);
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The watchdog hears of it only if nothing hangs and the kernel answers. */
    private void round() {
        try {
            control.reconcile();
            if (dataplane.isHealthy()) {
                notifier.alive();
            }
            lastFailure = "";
        } catch (RuntimeException e) {
            if (!lastFailure.equals(String.valueOf(e.getMessage()))) {
                lastFailure = String.valueOf(e.getMessage());
                LOG.error("event=reconcile_failed error=\"{}\"", lastFailure, e);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

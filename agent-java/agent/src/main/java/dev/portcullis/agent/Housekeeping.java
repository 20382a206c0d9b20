// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.systemd.Notifier;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Drift;
import dev.portcullis.dataplane.InterfaceWatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the host, at once when the kernel tells that interfaces or addresses changed, and from
 * time to time; puts back what somebody else took off; and tells the watchdog so.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** Without anything told. */
    private static final Duration PERIOD = Duration.ofSeconds(5);

    /** After a failure, such as by an interface that went while it was looked at. */
    private static final Duration RETRY = Duration.ofMillis(500);

    /** How soon a stop is noticed, and what somebody else took off, of which nobody tells. */
    private static final Duration POLL = Duration.ofMillis(200);

    /** From one look at what has ended to the next. */
    private static final Duration SWEEP = Duration.ofSeconds(10);

    /** Between rounds, so that a host that changes all the time does not get all the CPU. */
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Control control;
    private final Dataplane dataplane;
    private final InterfaceWatch changes;
    private final Notifier notifier;
    private final Consumer<Drift> driftListener;
    private final Thread thread = new Thread(this::run, "housekeeping");
    private final CountDownLatch closed = new CountDownLatch(1);
    private String lastFailure = "";
    private long swept = System.nanoTime();

    /**
     * @param changes is closed with this
     * @param driftListener is told what was put back
     */
    Housekeeping(
            Control control,
            Dataplane dataplane,
            InterfaceWatch changes,
            Notifier notifier,
            Consumer<Drift> driftListener) {
        this.control = control;
        this.dataplane = dataplane;
        this.changes = changes;
        this.notifier = notifier;
        this.driftListener = driftListener;
    }

    void start() {
        thread.start();
    }

    private void run() {
        Duration period =
                notifier.watchdog()
                        .map(interval -> interval.dividedBy(3))
                        .filter(third -> third.compareTo(PERIOD) < 0)
                        .orElse(PERIOD);
        long next = System.nanoTime();
        try {
            while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                if (isTold() || System.nanoTime() - next >= 0) {
                    Duration pause = round() ? period : RETRY;
                    next = System.nanoTime() + pause.toNanos();
                } else {
                    quickRound();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Without the kernel's word everything is still looked at from time to time. */
    private boolean isTold() throws InterruptedException {
        try {
            return changes.await(POLL);
        } catch (RuntimeException e) {
            report(e);
            return closed.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** What can't wait. */
    private void quickRound() {
        try {
            control.followDeadline();
            for (Drift drift : dataplane.repair()) {
                LOG.error(
                        "event=drift kind={} message=\"{} was removed or replaced by somebody else,"
                                + " and is back\"",
                        drift.kind().label(),
                        drift.what());
                driftListener.accept(drift);
            }
        } catch (RuntimeException e) {
            report(e);
        }
    }

    /**
     * The watchdog hears of it only if nothing hangs and the kernel answers.
     *
     * @return whether it went well
     */
    private boolean round() {
        try {
            control.reconcile();
            if (System.nanoTime() - swept > SWEEP.toNanos()) {
                swept = System.nanoTime();
                dataplane.sweep();
            }
            if (dataplane.isHealthy()) {
                notifier.alive();
            }
            lastFailure = "";
            return true;
        } catch (RuntimeException e) {
            report(e);
            return false;
        }
    }

    private void report(RuntimeException e) {
        if (!lastFailure.equals(String.valueOf(e.getMessage()))) {
            lastFailure = String.valueOf(e.getMessage());
            LOG.error("event=reconcile_failed error=\"{}\"", lastFailure, e);
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
        changes.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.DROP_DECISION;
import static dev.portcullis.dataplane.KernelLayout.DROP_DESTINATION;
import static dev.portcullis.dataplane.KernelLayout.DROP_DESTINATION_PORT;
import static dev.portcullis.dataplane.KernelLayout.DROP_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.DROP_IFINDEX;
import static dev.portcullis.dataplane.KernelLayout.DROP_LENGTH;
import static dev.portcullis.dataplane.KernelLayout.DROP_PROTOCOL;
import static dev.portcullis.dataplane.KernelLayout.DROP_SOURCE;
import static dev.portcullis.dataplane.KernelLayout.DROP_SOURCE_PORT;
import static dev.portcullis.dataplane.KernelLayout.DROP_TIME;
import static dev.portcullis.dataplane.KernelLayout.DROP_VLAN;

import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.RingBuffer;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the ring buffer of drops in a thread of its own and hands each drop to whoever watches. */
final class DropReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DropReports.class);

    /** How soon a stop is noticed. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final RingBuffer ring;
    private final BpfMap reporting;
    private final IntFunction<Decision> decisions;
    private final IntFunction<String> interfaceNames;
    private final List<Consumer<Drop>> watchers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param decisions who a decision's number is, without its top bit
     * @param interfaceNames the name of an interface's index
     */
    DropReports(
            Libbpf libbpf,
            KernelObject object,
            IntFunction<Decision> decisions,
            IntFunction<String> interfaceNames) {
        this.decisions = decisions;
        this.interfaceNames = interfaceNames;
        ring = RingBuffer.open(libbpf, object.map("drops"), this::dispatch);
        reporting = object.map("reporting");
        thread = new Thread(this::read, "drop-reports");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        while (!closed) {
            try {
                ring.poll(POLL);
            } catch (BpfException e) {
                LOG.warn("event=drop_reports_failed error=\"{}\"", e.getMessage());
                return;
            }
        }
    }

    private void dispatch(ByteBuffer sample) {
        if (watchers.isEmpty()) {
            return;
        }
        Drop drop = decode(sample);
        watchers.forEach(watcher -> tell(watcher, drop));
    }

    /** An exception must not leave through the native code that called. */
    private void tell(Consumer<Drop> watcher, Drop drop) {
        try {
            watcher.accept(drop);
        } catch (RuntimeException e) {
            watchers.remove(watcher);
            LOG.error("event=drop_watcher_failed", e);
        }
    }

    private Drop decode(ByteBuffer sample) {
        int family = sample.get(DROP_FAMILY);
        List<Integer> vlans = new ArrayList<>();
        for (int at = DROP_VLAN; at < DROP_VLAN + 2 * Short.BYTES; at += Short.BYTES) {
            if (sample.getShort(at) != 0) {
                vlans.add((int) sample.getShort(at));
            }
        }
        return new Drop(
                wallTime(sample.getLong(DROP_TIME)),
                interfaceNames.apply(sample.getInt(DROP_IFINDEX)),
                address(sample, family, DROP_SOURCE),
                sample.getChar(DROP_SOURCE_PORT),
                address(sample, family, DROP_DESTINATION),
                sample.getChar(DROP_DESTINATION_PORT),
                sample.get(DROP_PROTOCOL) & 0xff,
                sample.getInt(DROP_LENGTH),
                decisions.apply(sample.getInt(DROP_DECISION) & Image.NUMBER),
                vlans);
    }

    /** The kernel's clock is CLOCK_MONOTONIC, which System.nanoTime reads on Linux. */
    private static Instant wallTime(long monotonicNanos) {
        return Instant.now().minusNanos(System.nanoTime() - monotonicNanos);
    }

    private static Optional<Address> address(ByteBuffer sample, int family, int at) {
        if (family != 4 && family != 6) {
            return Optional.empty();
        }
        byte[] bytes = new byte[family == 4 ? 4 : 16];
        sample.get(at, bytes);
        return Optional.of(Address.ofBytes(bytes));
    }

    /**
     * Calls the watcher for each drop, in the reading thread, until the returned handle is closed.
     */
    AutoCloseable watch(Consumer<Drop> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    ReportTotals totals() {
        ByteBuffer values =
                ByteBuffer.allocateDirect(reporting.valueStride()).order(ByteOrder.nativeOrder());
        reporting.lookup(Slot.word(0), values);
        long reported = 0;
        long limited = 0;
        long lost = 0;
        for (int at = 0; at < values.capacity(); at += KernelLayout.REPORTING_SIZE) {
            reported += values.getLong(at + KernelLayout.REPORTING_REPORTED);
            limited += values.getLong(at + KernelLayout.REPORTING_LIMITED);
            lost += values.getLong(at + KernelLayout.REPORTING_LOST);
        }
        return new ReportTotals(reported, limited, lost);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ring.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.RingBuffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a ring buffer in a thread of its own and hands each record to whoever watches. */
final class RingReader<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RingReader.class);

    /** How soon a stop is noticed. */
    private static final Duration POLL = Duration.ofMillis(200);

    private final BpfMap map;
    private final RingBuffer ring;
    private final Function<ByteBuffer, T> decoder;
    private final List<Consumer<T>> watchers = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param decoder makes a record of the bytes, which are only valid during the call
     */
    RingReader(Libbpf libbpf, BpfMap map, Function<ByteBuffer, T> decoder) {
        this.map = map;
        this.decoder = decoder;
        ring = RingBuffer.open(libbpf, map, this::dispatch);
        thread = new Thread(this::read, "ring-" + map.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        while (!closed) {
            try {
                ring.poll(POLL);
            } catch (BpfException e) {
                LOG.warn("event=ring_failed ring={} error=\"{}\"", map.name(), e.getMessage());
                return;
            }
        }
    }

    private void dispatch(ByteBuffer sample) {
        if (watchers.isEmpty()) {
            return;
        }
        T value = decoder.apply(sample);
        watchers.forEach(watcher -> tell(watcher, value));
    }

    /** An exception must not leave through the native code that called. */
    private void tell(Consumer<T> watcher, T value) {
        try {
            watcher.accept(value);
        } catch (RuntimeException e) {
            watchers.remove(watcher);
            LOG.error("event=ring_watcher_failed ring={}", map.name(), e);
        }
    }

    /**
     * Calls the watcher for each record, in the reading thread, until the returned handle is
     * closed.
     */
    AutoCloseable watch(Consumer<T> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
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

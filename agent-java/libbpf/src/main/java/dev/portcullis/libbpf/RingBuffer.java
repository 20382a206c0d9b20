// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import dev.portcullis.libbpf.spi.Upcall;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The reading end of a ring buffer. One thread reads; another may close, which waits until a poll
 * under way is over.
 *
 * @see <a href="https://docs.kernel.org/bpf/ringbuf.html">BPF ring buffer</a>, kernel 5.8
 */
public final class RingBuffer implements AutoCloseable {
    /** Makes libbpf stop after this sample; any negative number does. */
    private static final int STOP = -Errno.ECANCELED.number();

    private final Natives natives;
    private final String name;
    private final Consumer<ByteBuffer> consumer;
    private final Fd map;
    private final Upcall upcall;
    private long ringBuffer;
    private boolean reading;
    private Optional<Throwable> failure = Optional.empty();

    private RingBuffer(Natives natives, BpfMap map, Consumer<ByteBuffer> consumer) {
        this.natives = natives;
        this.consumer = consumer;
        name = "ring buffer " + map.name();
        // libbpf goes on using the descriptor, so it can't be the one that the map may close.
        this.map = new Fd(natives, natives.duplicate(map.fd(), map));
        upcall = natives.backend().sampleUpcall(this::sample);
        ringBuffer =
                natives.ringBuffers.ring_buffer__new(this.map.get(this), upcall.address(), 0, 0);
        if (ringBuffer == 0) {
            int errno = natives.errno();
            upcall.close();
            this.map.close();
            throw new BpfException("open", name, errno);
        }
    }

    /**
     * Opens a map of type {@link MapType#RINGBUF}; the map may be closed afterwards.
     *
     * @param sample gets each sample in native order, read-only, and valid only during the call;
     *     what it throws ends the poll, and comes out of it
     */
    public static RingBuffer open(Libbpf libbpf, BpfMap map, Consumer<ByteBuffer> sample) {
        return new RingBuffer(libbpf.natives(), map, sample);
    }

    /** Waits for samples, and returns how many were consumed; 0 after the time or a signal. */
    public synchronized int poll(Duration timeout) {
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        begin();
        return end("poll", natives.ringBuffers.ring_buffer__poll(ringBuffer, millis));
    }

    /** Consumes the samples that are there, and returns how many. */
    public synchronized int consume() {
        begin();
        return end("consume", natives.ringBuffers.ring_buffer__consume(ringBuffer));
    }

    @Override
    public synchronized void close() {
        if (reading) {
            throw new IllegalStateException(name + " can't be closed by its own consumer");
        }
        if (ringBuffer != 0) {
            natives.ringBuffers.ring_buffer__free(ringBuffer);
            ringBuffer = 0;
            upcall.close();
            map.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private void begin() {
        if (ringBuffer == 0) {
            throw new IllegalStateException(name + " is closed");
        }
        if (reading) {
            throw new IllegalStateException(name + " can't be read by its own consumer");
        }
        reading = true;
    }

    private int end(String operation, int result) {
        reading = false;
        Optional<Throwable> thrown = failure;
        failure = Optional.empty();
        if (thrown.isPresent()) {
            throw RingBuffer.<RuntimeException>asIs(thrown.get());
        }
        return result == -Errno.EINTR.number() ? 0 : natives.check(result, operation, this);
    }

    /** Called by libbpf. What the consumer throws is kept, for it must not unwind into libbpf. */
    private int sample(long context, long data, long size) {
        try {
            ByteBuffer sample = natives.memory(data, size);
            consumer.accept(sample.asReadOnlyBuffer().order(sample.order()));
            return 0;
        } catch (Throwable e) {
            failure = Optional.of(e);
            return STOP;
        }
    }

    /** A consumer throws nothing checked, so that the compiler need not be told of it. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

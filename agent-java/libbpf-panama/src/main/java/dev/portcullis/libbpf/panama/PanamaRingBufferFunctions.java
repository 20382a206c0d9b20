// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.RingBufferFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/** The functions of ring buffers. */
final class PanamaRingBufferFunctions implements RingBufferFunctions {
    private static final MethodHandle RING_BUFFER_NEW =
            Linking.libbpf(
                    "ring_buffer__new",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linking.ERRNO);
    private static final MethodHandle RING_BUFFER_FREE =
            Linking.libbpf("ring_buffer__free", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle RING_BUFFER_POLL =
            Linking.libbpf(
                    "ring_buffer__poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RING_BUFFER_CONSUME =
            Linking.libbpf("ring_buffer__consume", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    @Override
    public long ring_buffer__new(int map, long sampleFunction, long context, long options) {
        try {
            return (long)
                    RING_BUFFER_NEW.invokeExact(
                            CapturedErrno.state(), map, sampleFunction, context, options);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public void ring_buffer__free(long ringBuffer) {
        try {
            RING_BUFFER_FREE.invokeExact(ringBuffer);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int ring_buffer__poll(long ringBuffer, int timeoutMillis) {
        try {
            return (int) RING_BUFFER_POLL.invokeExact(ringBuffer, timeoutMillis);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int ring_buffer__consume(long ringBuffer) {
        try {
            return (int) RING_BUFFER_CONSUME.invokeExact(ringBuffer);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}

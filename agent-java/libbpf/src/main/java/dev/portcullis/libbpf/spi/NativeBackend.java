// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

import java.nio.ByteBuffer;

/**
 * A way to call native code. A backend has a public constructor without arguments, which throws
 * {@link LibbpfUnavailableException} where libbpf can't be loaded; an instance may be used by
 * several threads.
 */
public interface NativeBackend {
    /** The backend's name as an operator gives it, such as {@code jnr}. */
    String name();

    ObjectFunctions objects();

    MapFunctions maps();

    HandleFunctions handles();

    AttachFunctions attachments();

    RingBufferFunctions ringBuffers();

    LibcFunctions libc();

    /**
     * The {@code errno} that this thread's last call left, if that was a call of {@link
     * LibcFunctions} or of a function that returns a pointer. Other functions of libbpf return
     * their error.
     */
    int errno();

    /** Where a direct buffer's position is in memory. The caller keeps the buffer reachable. */
    long address(ByteBuffer direct);

    /** A direct buffer in native order over memory that the caller keeps valid. */
    ByteBuffer memory(long address, long size);

    /** A C function of type {@code ring_buffer_sample_fn} that calls {@code function}. */
    Upcall sampleUpcall(SampleFunction function);

    /** A C function of type {@code libbpf_print_fn_t} that calls {@code function}. */
    Upcall printUpcall(PrintFunction function);
}

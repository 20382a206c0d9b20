// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** Ring buffers ({@code bpf/libbpf.h}). */
@SuppressWarnings("MemberName") // The names are those of the C functions, by which they are found.
public interface RingBufferFunctions {
    /** Returns 0 and sets errno on failure. */
    long ring_buffer__new(int map, long sampleFunction, long context, long options);

    void ring_buffer__free(long ringBuffer);

    /** Returns the number of samples, or what stopped it as a negative number. */
    int ring_buffer__poll(long ringBuffer, int timeoutMillis);

    /** Returns the number of samples, or what stopped it as a negative number. */
    int ring_buffer__consume(long ringBuffer);
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** Receives a ring buffer's samples. */
@FunctionalInterface
public interface SampleFunction {
    /**
     * Called by libbpf for each sample; must not throw.
     *
     * @return 0 to go on, or a negative number to stop, which the poll then returns
     */
    int sample(long context, long data, long size);
}

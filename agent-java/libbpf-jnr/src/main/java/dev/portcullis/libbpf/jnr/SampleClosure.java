// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import jnr.ffi.annotations.Delegate;

/**
 * The C type {@code ring_buffer_sample_fn}; public because jnr-ffi generates code that calls it.
 */
public interface SampleClosure {
    @Delegate
    int sample(long context, long data, long size);
}

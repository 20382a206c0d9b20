// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import jnr.ffi.annotations.Delegate;

/** The C type {@code libbpf_print_fn_t}; public because jnr-ffi generates code that calls it. */
public interface PrintClosure {
    @Delegate
    int print(int level, long format, long arguments);
}

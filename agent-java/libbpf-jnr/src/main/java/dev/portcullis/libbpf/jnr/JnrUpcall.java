// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import dev.portcullis.libbpf.spi.Upcall;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A closure of jnr-ffi, which frees it when nobody refers to it or to the object that it calls; so
 * this refers to both until it is closed.
 */
final class JnrUpcall<T> implements Upcall {
    @SuppressWarnings("unused") // Held, as said above.
    private T function;

    private Pointer pointer;

    JnrUpcall(Runtime runtime, Class<T> type, T function) {
        this.function = function;
        pointer = runtime.getClosureManager().getClosurePointer(type, function);
    }

    @Override
    public long address() {
        return pointer.address();
    }

    @Override
    public void close() {
        function = null;
        pointer = null;
    }
}

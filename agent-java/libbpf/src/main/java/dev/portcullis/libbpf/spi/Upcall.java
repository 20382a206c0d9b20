// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** A C function that calls back into Java, valid until it is closed. */
public interface Upcall extends AutoCloseable {
    /** The function pointer. */
    long address();

    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import dev.portcullis.libbpf.spi.LibcFunctions;

/**
 * {@link LibcFunctions} without a function of exactly six arguments; see {@link JnrMapFunctions}.
 */
public interface JnrLibcFunctions extends LibcFunctions {
    long mmap(long address, long size, int protection, int flags, int fd, long offset, long unused);

    @Override
    default long mmap(long address, long size, int protection, int flags, int fd, long offset) {
        return mmap(address, size, protection, flags, fd, offset, 0);
    }
}

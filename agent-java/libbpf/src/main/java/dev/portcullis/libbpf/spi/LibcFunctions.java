// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.spi;

/** The few functions of the C library that go with libbpf. They set errno on failure. */
public interface LibcFunctions {
    int close(int fd);

    /** {@code fcntl} with one argument of type int. */
    int fcntl(int fd, int command, int argument);

    long malloc(long size);

    void free(long address);

    long mmap(long address, long size, int protection, int flags, int fd, long offset);

    int munmap(long address, long size);

    /** Returns 0 and sets errno if there is none. */
    int if_nametoindex(long name);

    int socket(int family, int type, int protocol);

    int bind(int fd, long address, int size);

    long send(int fd, long data, long size, int flags);

    long recv(int fd, long buffer, long size, int flags);

    int poll(long descriptors, long count, int timeoutMillis);

    int vsnprintf(long buffer, long size, long format, long arguments);
}

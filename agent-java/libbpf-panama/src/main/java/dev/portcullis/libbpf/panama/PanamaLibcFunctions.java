// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.LibcFunctions;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The functions of the C library. */
final class PanamaLibcFunctions implements LibcFunctions {
    private static final MethodHandle CLOSE =
            Linking.libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), Linking.ERRNO);
    private static final MethodHandle FCNTL =
            Linking.libc(
                    "fcntl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linking.ERRNO,
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MALLOC =
            Linking.libc("malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), Linking.ERRNO);
    private static final MethodHandle FREE =
            Linking.libc("free", FunctionDescriptor.ofVoid(JAVA_LONG), Linking.ERRNO);
    private static final MethodHandle MMAP =
            Linking.libc(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG),
                    Linking.ERRNO);
    private static final MethodHandle MUNMAP =
            Linking.libc(
                    "munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG), Linking.ERRNO);
    private static final MethodHandle IF_NAMETOINDEX =
            Linking.libc(
                    "if_nametoindex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG), Linking.ERRNO);
    private static final MethodHandle SOCKET =
            Linking.libc(
                    "socket",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linking.ERRNO);
    private static final MethodHandle BIND =
            Linking.libc(
                    "bind",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT),
                    Linking.ERRNO);
    private static final MethodHandle SEND =
            Linking.libc(
                    "send",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                    Linking.ERRNO);
    private static final MethodHandle RECV =
            Linking.libc(
                    "recv",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                    Linking.ERRNO);
    private static final MethodHandle POLL =
            Linking.libc(
                    "poll",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT),
                    Linking.ERRNO);
    private static final MethodHandle VSNPRINTF =
            Linking.libc(
                    "vsnprintf",
                    FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                    Linking.ERRNO);

    @Override
    public int close(int fd) {
        try {
            return (int) CLOSE.invokeExact(CapturedErrno.state(), fd);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int fcntl(int fd, int command, int argument) {
        try {
            return (int) FCNTL.invokeExact(CapturedErrno.state(), fd, command, argument);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long malloc(long size) {
        try {
            return (long) MALLOC.invokeExact(CapturedErrno.state(), size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public void free(long address) {
        try {
            FREE.invokeExact(CapturedErrno.state(), address);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long mmap(long address, long size, int protection, int flags, int fd, long offset) {
        try {
            return (long)
                    MMAP.invokeExact(
                            CapturedErrno.state(), address, size, protection, flags, fd, offset);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int munmap(long address, long size) {
        try {
            return (int) MUNMAP.invokeExact(CapturedErrno.state(), address, size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int if_nametoindex(long name) {
        try {
            return (int) IF_NAMETOINDEX.invokeExact(CapturedErrno.state(), name);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int socket(int family, int type, int protocol) {
        try {
            return (int) SOCKET.invokeExact(CapturedErrno.state(), family, type, protocol);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int bind(int fd, long address, int size) {
        try {
            return (int) BIND.invokeExact(CapturedErrno.state(), fd, address, size);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long send(int fd, long data, long size, int flags) {
        try {
            return (long) SEND.invokeExact(CapturedErrno.state(), fd, data, size, flags);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public long recv(int fd, long buffer, long size, int flags) {
        try {
            return (long) RECV.invokeExact(CapturedErrno.state(), fd, buffer, size, flags);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int poll(long descriptors, long count, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(CapturedErrno.state(), descriptors, count, timeoutMillis);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }

    @Override
    public int vsnprintf(long buffer, long size, long format, long arguments) {
        try {
            return (int)
                    VSNPRINTF.invokeExact(CapturedErrno.state(), buffer, size, format, arguments);
        } catch (Throwable e) {
            throw Linking.unexpected(e);
        }
    }
}

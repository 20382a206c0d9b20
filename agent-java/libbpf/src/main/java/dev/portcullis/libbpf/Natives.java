// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import dev.portcullis.libbpf.spi.AttachFunctions;
import dev.portcullis.libbpf.spi.HandleFunctions;
import dev.portcullis.libbpf.spi.LibcFunctions;
import dev.portcullis.libbpf.spi.MapFunctions;
import dev.portcullis.libbpf.spi.NativeBackend;
import dev.portcullis.libbpf.spi.ObjectFunctions;
import dev.portcullis.libbpf.spi.RingBufferFunctions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The backend's functions with what every caller of them needs: memory, and errors as exceptions.
 */
final class Natives {
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int LONGEST_STRING = 1 << 30;

    final ObjectFunctions objects;
    final MapFunctions maps;
    final HandleFunctions handles;
    final AttachFunctions attachments;
    final RingBufferFunctions ringBuffers;
    final LibcFunctions libc;
    final LibbpfLog log;

    private final NativeBackend backend;
    private final ThreadLocal<CallMemory> callMemory;

    Natives(NativeBackend backend) {
        this.backend = backend;
        objects = backend.objects();
        maps = backend.maps();
        handles = backend.handles();
        attachments = backend.attachments();
        ringBuffers = backend.ringBuffers();
        libc = backend.libc();
        callMemory = ThreadLocal.withInitial(() -> new CallMemory(this));
        log = new LibbpfLog(this);
    }

    NativeBackend backend() {
        return backend;
    }

    long address(ByteBuffer direct) {
        return backend.address(direct);
    }

    ByteBuffer memory(long address, long size) {
        return backend.memory(address, size);
    }

    CallMemory callMemory() {
        return callMemory.get();
    }

    int errno() {
        return backend.errno();
    }

    int possibleCpus() {
        return check(objects.libbpf_num_possible_cpus(), "count", "the possible CPUs");
    }

    /** The string at a pointer that is not NULL. */
    String string(long address) {
        ByteBuffer bytes = memory(address, LONGEST_STRING);
        int length = 0;
        while (bytes.get(length) != 0) {
            length++;
        }
        return StandardCharsets.UTF_8.decode(bytes.limit(length)).toString();
    }

    /** Passes on what isn't an error; {@code object} is only turned into text for an exception. */
    int check(int result, String operation, Object object) {
        if (result < 0) {
            throw new BpfException(operation, object.toString(), -result);
        }
        return result;
    }

    /** Another descriptor of the same thing, which whoever calls owns. */
    int duplicate(int fd, Object object) {
        int copy = libc.fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (copy < 0) {
            throw new BpfException("duplicate descriptor of", object.toString(), errno());
        }
        return copy;
    }

    /** What the kernel tells of a map, program or link; {@code info} may hold pointers for it. */
    Memory info(int fd, Memory info, Object object) {
        Memory size = new Memory(this, Integer.BYTES).putInt(0, info.size());
        check(
                handles.bpf_obj_get_info_by_fd(fd, info.address(), size.address()),
                "read information of",
                object);
        size.keep();
        info.keep();
        return info;
    }

    void pin(Fd fd, Path path, Object object) {
        Memory name = Memory.string(this, path.toString());
        int result = handles.bpf_obj_pin(fd.get(object), name.address());
        name.keep();
        if (result < 0) {
            throw new BpfException("pin", object + " at " + path, -result);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;

/** Maps a map's values into memory, and unmaps them when nobody has a buffer over them. */
final class SharedMemory {
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;
    private static final Cleaner CLEANER = Cleaner.create();

    private SharedMemory() {}

    static ByteBuffer map(Natives natives, int fd, long size, Object subject) {
        long address = natives.libc.mmap(0, size, PROT_READ_WRITE, MAP_SHARED, fd, 0);
        if (address == MAP_FAILED) {
            throw new BpfException("mmap", subject.toString(), natives.errno());
        }
        ByteBuffer buffer = natives.memory(address, size);
        // Slices and duplicates of a direct buffer keep the buffer that they were made from.
        CLEANER.register(buffer, () -> natives.libc.munmap(address, size));
        return buffer;
    }
}

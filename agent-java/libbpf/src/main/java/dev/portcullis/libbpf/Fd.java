// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor with an owner's name for messages, closed once. */
final class Fd {
    private static final int CLOSED = -1;

    private final Natives natives;
    private final AtomicInteger number;

    Fd(Natives natives, int number) {
        this.natives = natives;
        this.number = new AtomicInteger(number);
    }

    /** The number, if {@code owner} hasn't closed it. */
    int get(Object owner) {
        int fd = number.get();
        if (fd == CLOSED) {
            throw new IllegalStateException(owner + " is closed");
        }
        return fd;
    }

    void close() {
        int fd = number.getAndSet(CLOSED);
        if (fd != CLOSED) {
            natives.libc.close(fd);
        }
    }

    /**
     * What the kernel calls the thing behind the descriptor: {@code bpf-map}, {@code bpf-prog} or
     * {@code bpf_link}. A pin doesn't tell what it is a pin of.
     */
    static String kind(int fd) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(fd)));
            return target.toString().replace("anon_inode:", "").replace("_", "-");
        } catch (IOException e) {
            throw new IllegalStateException("/proc can't be read: " + e.getMessage(), e);
        }
    }
}

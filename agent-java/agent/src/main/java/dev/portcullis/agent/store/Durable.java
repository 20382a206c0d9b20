// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that a crash leaves old or new: written aside, flushed, then renamed. */
public final class Durable {
    private static final String UNFINISHED = ".tmp";

    private Durable() {}

    /** Writes and flushes a file under a name of its own; {@link #publish} gives it its own. */
    public static Path write(Path file, byte[]... parts) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            for (byte[] part : parts) {
                ByteBuffer rest = ByteBuffer.wrap(part);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
            channel.force(true);
        }
        return unfinished;
    }

    /** Gives a written file its name. */
    public static void publish(Path unfinished, Path file) throws IOException {
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        flushDirectory(file.getParent());
    }

    /** Makes renames in a directory last. */
    public static void flushDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether a crash left this file before it had its name. */
    public static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(UNFINISHED);
    }
}

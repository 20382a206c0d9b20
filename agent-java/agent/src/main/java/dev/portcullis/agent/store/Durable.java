// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;

/**
 * Files that a crash leaves old or new: written aside, flushed, then renamed, and the directory
 * flushed. What fails leaves nothing behind.
 */
public final class Durable {
    private static final String UNFINISHED = ".tmp";

    private Durable() {}

    /** Gives a file these bytes, or leaves it as it was. */
    public static void replace(Path file, byte[]... parts) throws IOException {
        put(file, parts);
        flushDirectory(file.getParent());
    }

    /** The same, and lasting from the next flush of the directory on. */
    static void put(Path file, byte[]... parts) throws IOException {
        Path unfinished = write(file, parts);
        try {
            rename(unfinished, file);
        } catch (IOException e) {
            discard(unfinished, e);
            throw e;
        }
    }

    /** Writes and flushes a file under a name of its own; {@link #publish} gives it its own. */
    static Path write(Path file, byte[]... parts) throws IOException {
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
        } catch (IOException e) {
            discard(unfinished, e);
            throw e;
        }
        return unfinished;
    }

    private static void discard(Path unfinished, IOException cause) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** Gives a written file its name, for good. */
    static void publish(Path unfinished, Path file) throws IOException {
        rename(unfinished, file);
        flushDirectory(file.getParent());
    }

    private static void rename(Path unfinished, Path file) throws IOException {
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes renames in a directory last. */
    static void flushDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a directory, with those above it, that lasts. */
    public static void createDirectories(Path directory, FileAttribute<?>... attributes)
            throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        createDirectories(directory.getParent(), attributes);
        Files.createDirectory(directory, attributes);
        flushDirectory(directory.getParent());
    }

    /** Whether a crash left this file before it had its name. */
    public static boolean isUnfinished(Path file) {
        return file.getFileName().toString().endsWith(UNFINISHED);
    }
}

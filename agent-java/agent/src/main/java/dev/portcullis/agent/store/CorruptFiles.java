// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of damaged files, kept for people to look at: the last {@value #MOST}, each under the
 * time when it was found and the name that it had.
 */
public final class CorruptFiles {
    static final int MOST = 20;

    private static final DateTimeFormatter FOUND =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;

    /**
     * @param directory made when the first file comes
     */
    public CorruptFiles(Path directory) {
        this.directory = directory;
    }

    public Path directory() {
        return directory;
    }

    /** Takes a file from where it was. */
    public void add(Path file) throws IOException {
        Durable.createDirectories(directory);
        String name = FOUND.format(Instant.now()) + "-" + file.getFileName();
        Files.move(file, directory.resolve(name));
        List<Path> kept = files();
        for (Path old : kept.subList(0, Math.max(0, kept.size() - MOST))) {
            Files.delete(old);
        }
    }

    /** The oldest first. */
    List<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.agent.store.CorruptFiles;
import dev.portcullis.agent.store.DiskReason;
import dev.portcullis.agent.store.Durable;
import dev.portcullis.agent.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last good copy of each definition, a file each, written so that a crash leaves the old or the
 * new one. A file's time of change is when its set was last in use: copies stay for a while after
 * that, so that going back to an earlier revision needs nobody.
 */
final class Copies {
    /** How long a copy that is not in use stays. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

    private final Path directory;
    private final CorruptFiles corrupt;

    private Copies(Path directory) {
        this.directory = directory;
        corrupt = new CorruptFiles(directory.resolve("corrupt"));
    }

    /**
     * @throws StoreException if the directory can't be used
     */
    static Copies open(Path directory) {
        try {
            Durable.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            Copies copies = new Copies(directory);
            for (Path file : copies.files()) {
                if (Durable.isUnfinished(file)) {
                    Files.delete(file);
                }
            }
            return copies;
        } catch (IOException e) {
            throw new StoreException(
                    "can't use "
                            + directory
                            + " ("
                            + DiskReason.of(e)
                            + "): give the agent's user the right to write there",
                    e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private Path file(Definition definition) {
        return directory.resolve(definition.fileName());
    }

    /** The copy, if there is one and it is whole. Another is put aside, and said in the log. */
    Optional<SetCopy> read(Definition definition) {
        Path file = file(definition);
        try {
            Optional<SetCopy> copy = CopyText.decode(Files.readAllBytes(file));
            if (copy.isEmpty()) {
                putAside(file, definition);
            }
            return copy;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.error(
                    "event=address_set_copy_unreadable file={} error=\"{}\"",
                    file,
                    DiskReason.of(e));
            return Optional.empty();
        }
    }

    private void putAside(Path file, Definition definition) throws IOException {
        corrupt.add(file);
        LOG.error(
                "event=address_set_corrupt set={} file={} kept_in={} message=\"it is read anew"
                        + " from {}\"",
                definition.name(),
                file,
                corrupt.directory(),
                definition.source());
    }

    /**
     * Keeps a copy. A disk that refuses is said in the log: the set itself is good all the same.
     */
    void write(Definition definition, SetCopy copy) {
        Path file = file(definition);
        try {
            Durable.replace(file, CopyText.encode(definition, copy));
        } catch (IOException e) {
            LOG.error(
                    "event=address_set_copy_failed set={} file={} error=\"{}\" message=\"a restart"
                            + " while {} is away will not find it\"",
                    definition.name(),
                    file,
                    DiskReason.of(e),
                    definition.source());
        }
    }

    /** Begins to count how long these have not been in use. */
    void release(Collection<Definition> unused) {
        for (Definition definition : unused) {
            try {
                Files.setLastModifiedTime(file(definition), FileTime.from(Instant.now()));
            } catch (IOException e) {
                LOG.debug("event=cleanup_failed set={}", definition.name(), e);
            }
        }
    }

    /** Removes copies that have not been in use for {@link #KEPT}. */
    void removeOld(Collection<Definition> used) {
        Set<Path> kept = used.stream().map(this::file).collect(Collectors.toSet());
        FileTime limit = FileTime.from(Instant.now().minus(KEPT));
        try {
            for (Path file : files()) {
                if (!kept.contains(file) && Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("event=cleanup_failed directory={} error=\"{}\"", directory, DiskReason.of(e));
        }
    }
}

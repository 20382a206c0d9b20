// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.policy.file.Envelope;
import dev.portcullis.policy.model.ObjectKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revisions of the objects in a directory that one agent uses at a time:
 *
 * <pre>
 * lock                held while an agent runs
 * objects/HASH        an object's bytes, under their SHA-256 in hexadecimal
 * revisions/NUMBER    a {@link Manifest}, which names its objects by their hashes; 20 digits
 * corrupt/            manifests that could not be read, kept for people to look at
 * </pre>
 *
 * <p>The newest manifest is the state. It appears by a rename, after everything that it names has
 * been flushed to the disk, so a crash leaves the revision before it or this one. The last {@value
 * #KEPT} revisions are kept.
 */
public final class Store implements AutoCloseable {
    /** Revisions to keep. */
    static final int KEPT = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String DIRECTORY_RIGHTS = "rwx------";

    private final Path directory;
    private final FileChannel lock;

    private Store(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * @throws StoreException if the directory can't be used, or another agent uses it
     */
    public static Store open(Path directory) {
        try {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(DIRECTORY_RIGHTS)));
            Files.createDirectories(directory.resolve("objects"));
            Files.createDirectories(directory.resolve("revisions"));
            Store store = new Store(directory, locked(directory.resolve("lock")));
            store.removeUnfinished();
            return store;
        } catch (IOException e) {
            throw new StoreException(
                    "can't use the state directory "
                            + directory
                            + " ("
                            + reason(e)
                            + "): give the agent's user the right to write there, or set"
                            + " \"stateDirectory\"",
                    e);
        }
    }

    private static FileChannel locked(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
        }
        channel.close();
        throw new StoreException(
                "another agent uses the state directory "
                        + file.getParent()
                        + ": end it first, or set another \"stateDirectory\", \"bpffs\" and"
                        + " \"socket\"");
    }

    private void removeUnfinished() throws IOException {
        for (String folder : List.of("objects", "revisions")) {
            for (Path file : files(folder)) {
                if (Durable.isUnfinished(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<Path> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    /**
     * The newest revision that is whole; empty if nothing was ever stored. One that is not whole is
     * put aside, and said in the log.
     */
    public Optional<Manifest> newest() {
        try {
            List<Path> revisions = files("revisions");
            for (int i = revisions.size() - 1; i >= 0; i--) {
                Optional<Manifest> manifest = whole(revisions.get(i));
                if (manifest.isPresent()) {
                    return manifest;
                }
                Path aside = directory.resolve("corrupt");
                Files.createDirectories(aside);
                Files.move(
                        revisions.get(i),
                        aside.resolve(revisions.get(i).getFileName() + "-" + System.nanoTime()));
                LOG.error(
                        "event=revision_corrupt file={} kept_in={} message=\"the revision before it is used\"",
                        revisions.get(i),
                        aside);
            }
            return Optional.empty();
        } catch (IOException e) {
            throw failure("can't read " + directory, e);
        }
    }

    private Optional<Manifest> whole(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Manifest manifest = ManifestBytes.decode(bytes);
            for (StoredObject object : manifest.getObjectsList()) {
                if (!Files.isRegularFile(object(object.getSha256()))) {
                    return Optional.empty();
                }
            }
            return Optional.of(manifest);
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** The name that bytes are stored under. */
    public static ByteString hash(byte[] content) {
        return ByteString.copyFrom(Hashing.sha256().hashBytes(content).asBytes());
    }

    private Path object(ByteString hash) {
        return directory.resolve("objects").resolve(HexFormat.of().formatHex(hash.toByteArray()));
    }

    private Path revision(long number) {
        return directory.resolve("revisions").resolve(String.format("%020d", number));
    }

    /**
     * @throws StoreException if the bytes are not those that were stored
     */
    public Message read(StoredObject object) {
        Path file = object(object.getSha256());
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!hash(bytes).equals(object.getSha256())) {
                throw new StoreException(
                        "the stored "
                                + object.getKind().toLowerCase(java.util.Locale.ROOT)
                                + " "
                                + object.getName()
                                + " is damaged ("
                                + file
                                + "): restore the state directory from a backup, or remove it and"
                                + " push everything again");
            }
            return Envelope.newObject(kind(object)).mergeFrom(bytes).build();
        } catch (IOException e) {
            throw failure("can't read " + file, e);
        }
    }

    private static ObjectKind kind(StoredObject object) {
        return ObjectKind.of(object.getKind())
                .orElseThrow(() ->
                        new StoreException(
                                "the state holds a "
                                        + object.getKind()
                                        + ", which this version does not know: use the version that"
                                        + " wrote it, or a newer one"));
    }

    /** A revision that is on the disk and not in force yet. */
    public final class Prepared {
        private final Path unfinished;
        private final Path file;

        private Prepared(Path unfinished, Path file) {
            this.unfinished = unfinished;
            this.file = file;
        }

        /** Makes it the newest. */
        public void publish() {
            try {
                Durable.publish(unfinished, file);
            } catch (IOException e) {
                throw failure("can't write " + file, e);
            }
            removeOld();
        }

        /** Lets go of it. */
        public void abandon() {
            try {
                Files.deleteIfExists(unfinished);
            } catch (IOException e) {
                LOG.warn("event=cleanup_failed file={} error=\"{}\"", unfinished, reason(e));
            }
        }
    }

    /**
     * Writes a revision with its objects and flushes them.
     *
     * @param contents of those objects that may not be stored yet, by their hashes
     * @throws StoreException if the disk refused; the revision in force is untouched
     */
    public Prepared prepare(Manifest manifest, Map<ByteString, byte[]> contents) {
        Path file = revision(manifest.getRevision());
        try {
            boolean wrote = false;
            for (Map.Entry<ByteString, byte[]> content : contents.entrySet()) {
                Path object = object(content.getKey());
                if (!Files.exists(object)) {
                    Path unfinished = Durable.write(object, content.getValue());
                    Files.move(unfinished, object);
                    wrote = true;
                }
            }
            if (wrote) {
                Durable.flushDirectory(directory.resolve("objects"));
            }
            return new Prepared(Durable.write(file, ManifestBytes.encode(manifest)), file);
        } catch (IOException e) {
            throw failure("can't write to the state directory " + directory, e);
        }
    }

    /** Drops revisions beyond the last {@value #KEPT}, and objects that none names any more. */
    private void removeOld() {
        try {
            List<Path> revisions = files("revisions");
            int surplus = revisions.size() - KEPT;
            if (surplus <= 0) {
                return;
            }
            for (Path old : revisions.subList(0, surplus)) {
                Files.delete(old);
            }
            Set<Path> used = new HashSet<>();
            for (Path kept : revisions.subList(surplus, revisions.size())) {
                ManifestBytes.decode(Files.readAllBytes(kept)).getObjectsList().stream()
                        .map(stored -> object(stored.getSha256()))
                        .forEach(used::add);
            }
            removeExcept(used);
        } catch (IOException e) {
            LOG.warn("event=cleanup_failed directory={} error=\"{}\"", directory, reason(e));
        }
    }

    private void removeExcept(Collection<Path> used) throws IOException {
        for (Path object : files("objects")) {
            if (!used.contains(object)) {
                Files.delete(object);
            }
        }
    }

    private static StoreException failure(String what, IOException cause) {
        return new StoreException(what + ": " + reason(cause), cause);
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.contains("/")
                ? e.getClass().getSimpleName() + (message == null ? "" : ": " + message)
                : message;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("event=close_failed directory={} error=\"{}\"", directory, reason(e));
        }
    }
}

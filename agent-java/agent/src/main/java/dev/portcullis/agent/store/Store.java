// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.collect.Multiset;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revisions of the objects in a directory that one agent uses at a time:
 *
 * <pre>
 * lock                held while an agent runs
 * objects/HASH        an object's bytes, under their SHA-256 in hexadecimal
 * revisions/NUMBER    a {@link Manifest}, which names its objects by their hashes; 20 digits
 * corrupt/            files of both kinds that were damaged, kept for people to look at
 * </pre>
 *
 * <p>The newest manifest is the state. It appears by a rename, after everything that it names has
 * been flushed to the disk, so a crash leaves the revision before it or this one. What the disk
 * itself damaged is found when the store is opened, and the newest revision that is whole counts.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String DIRECTORY_RIGHTS = "rwx------";

    private final Layout layout;
    private final ObjectFiles objects;
    private final CorruptFiles corrupt;
    private final FileChannel lock;

    /** How many revisions to keep. */
    private final int limit;

    private final Optional<Manifest> newest;
    private final List<String> damage = new ArrayList<>();

    /** The numbers of the revisions that are kept, and how many of them name each object. */
    private final SortedSet<Long> kept;

    private final Multiset<ByteString> references;

    private Store(Layout layout, FileChannel lock, int limit) throws IOException {
        this.layout = layout;
        this.lock = lock;
        this.limit = limit;
        objects = new ObjectFiles(layout);
        corrupt = new CorruptFiles(layout.corrupt());
        Inspection inspection = new Inspection(layout, objects);
        newest = inspection.newest();
        kept = inspection.sound();
        references = inspection.references();
        if (newest.isEmpty() && inspection.heldAny()) {
            throw allLost(inspection);
        }
        putAside(inspection);
        removeUnfinished();
        removeOld();
        if (damage.isEmpty()) {
            // Else what a damaged manifest named stays for people to look at, until the next start.
            objects.removeUnless(references::contains);
        }
    }

    /**
     * @param limit how many revisions to keep
     * @throws StoreException if the directory can't be used, or another agent uses it, or it holds
     *     revisions and none that this agent can use
     */
    public static Store open(Path directory, int limit) {
        Layout layout = new Layout(directory);
        FileChannel lock = null;
        try {
            Durable.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(DIRECTORY_RIGHTS)));
            Durable.createDirectories(layout.objects());
            Durable.createDirectories(layout.revisions());
            lock = locked(layout.lock());
            flush(layout);
            return new Store(layout, lock, limit);
        } catch (IOException e) {
            release(lock);
            throw new StoreException(
                    "can't use the state directory "
                            + directory
                            + " ("
                            + DiskReason.of(e)
                            + "): make room there, give the agent's user the right to write there,"
                            + " or set \"stateDirectory\"",
                    e);
        } catch (StoreException e) {
            release(lock);
            throw e;
        }
    }

    /** What the process before this one renamed, and did not live to flush, is relied on now. */
    private static void flush(Layout layout) throws IOException {
        Durable.flushDirectory(layout.directory());
        Durable.flushDirectory(layout.objects());
        Durable.flushDirectory(layout.revisions());
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
        throw new StoreInUseException(
                "another agent uses the state directory "
                        + file.getParent()
                        + ": end it first, or set another \"stateDirectory\", \"bpffs\" and"
                        + " \"socket\"");
    }

    private static void release(FileChannel lock) {
        if (lock == null) {
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("event=close_failed error=\"{}\"", DiskReason.of(e));
        }
    }

    /** Nothing is put aside then, so that the next start does not find an empty store. */
    private StoreException allLost(Inspection inspection) {
        Path last = inspection.damagedManifests().lastKey();
        return new StoreException(
                "no revision in the state directory "
                        + layout.directory()
                        + " is whole ("
                        + last
                        + " "
                        + inspection.damagedManifests().get(last)
                        + "): restore the directory from a backup, or remove it and push everything"
                        + " again. What the kernel judges by stays in force until then, and an"
                        + " agent that starts without the directory opens everything");
    }

    private void putAside(Inspection inspection) {
        inspection
                .damagedManifests()
                .forEach((file, why) -> {
                    putAside(file, why);
                    damage.add(
                            "revision "
                                    + Long.parseLong(file.getFileName().toString())
                                    + " was found damaged at the start, because its manifest "
                                    + why
                                    + "; the agent started with revision "
                                    + newest.orElseThrow().getRevision());
                });
        inspection.damagedObjects().forEach(file -> putAside(file, "is not as it was stored"));
    }

    private void putAside(Path file, String why) {
        LOG.error(
                "event=revision_corrupt file={} error=\"{}\" kept_in={} revision_in_force={}",
                file,
                why,
                corrupt.directory(),
                newest.map(Manifest::getRevision).orElse(0L));
        try {
            corrupt.add(file);
        } catch (IOException e) {
            // The next start finds it again.
            LOG.warn("event=cleanup_failed file={} error=\"{}\"", file, DiskReason.of(e));
        }
    }

    private void removeUnfinished() throws IOException {
        for (Path folder : List.of(layout.directory(), layout.objects(), layout.revisions())) {
            for (Path file : layout.files(folder)) {
                if (Durable.isUnfinished(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /**
     * The newest revision that was whole when this was opened; empty if nothing was ever stored.
     */
    public Optional<Manifest> newest() {
        return newest;
    }

    /** The numbers of the revisions that are kept, the newest first. */
    public List<Long> revisions() {
        try {
            List<Long> numbers = new ArrayList<>(layout.manifests().keySet());
            Collections.reverse(numbers);
            return numbers;
        } catch (IOException e) {
            throw new StoreException(
                    "can't read " + layout.revisions() + ": " + DiskReason.of(e), e);
        }
    }

    /**
     * One of them; empty if it is not kept.
     *
     * @throws StoreException if it was damaged since this was opened
     */
    public Optional<Manifest> revision(long number) {
        Path file = layout.revision(number);
        try {
            return Optional.of(ManifestBytes.decode(file, Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (DamagedException e) {
            throw new StoreException(file + " " + e.getMessage() + ": choose another revision");
        } catch (IOException e) {
            throw new StoreException("can't read " + file + ": " + DiskReason.of(e), e);
        }
    }

    /** What is known to be damaged. */
    public Damage damage() {
        try {
            return new Damage(damage, corrupt.files().size(), corrupt.directory());
        } catch (IOException e) {
            LOG.debug("event=damage_unknown", e);
            return new Damage(damage, 0, corrupt.directory());
        }
    }

    /** The name that bytes are stored under. */
    public static ByteString hash(byte[] content) {
        return ObjectFiles.hash(content);
    }

    /**
     * @throws StoreException if the bytes are not those that were stored
     */
    public Message read(StoredObject object) {
        Path file = layout.object(object.getSha256());
        try {
            return objects.read(object);
        } catch (DamagedException e) {
            throw new StoreException(
                    "the stored "
                            + ObjectFiles.kind(object).label()
                            + " "
                            + object.getName()
                            + " "
                            + e.getMessage()
                            + " ("
                            + file
                            + "): if it is in force, restart the agent, which goes back to the last"
                            + " revision that is whole; else choose another revision");
        } catch (IOException e) {
            throw new StoreException("can't read " + file + ": " + DiskReason.of(e), e);
        }
    }

    /** A revision that is on the disk and not in force yet. */
    public final class Prepared {
        private final Manifest manifest;
        private final List<ByteString> added;
        private final Path unfinished;

        private Prepared(Manifest manifest, List<ByteString> added, Path unfinished) {
            this.manifest = manifest;
            this.added = added;
            this.unfinished = unfinished;
        }

        /**
         * Makes it the newest.
         *
         * @throws StoreException if the disk refused; it is let go of then
         */
        public void publish() {
            long number = manifest.getRevision();
            Path file = layout.revision(number);
            boolean isNew = !kept.contains(number);
            try {
                Durable.publish(unfinished, file);
            } catch (IOException e) {
                if (isNew) {
                    // It may have its name already, and nobody will be told that it is in force.
                    remove(file);
                }
                abandon();
                throw refused(e);
            }
            if (isNew) {
                kept.add(number);
                manifest.getObjectsList().forEach(object -> references.add(object.getSha256()));
            }
            removeOld();
        }

        /** Lets go of it. */
        public void abandon() {
            remove(unfinished);
            removeUnused(added);
        }
    }

    /**
     * Writes a revision with its objects and flushes them. One whose number is kept already takes
     * the place of that one, and names the same objects.
     *
     * @param contents of those objects that may not be stored yet, by their hashes
     * @throws StoreException if the disk refused; the revision in force is untouched
     */
    public Prepared prepare(Manifest manifest, Map<ByteString, byte[]> contents) {
        List<ByteString> added = new ArrayList<>();
        try {
            for (Map.Entry<ByteString, byte[]> content : contents.entrySet()) {
                if (objects.write(content.getKey(), content.getValue())) {
                    added.add(content.getKey());
                }
            }
            if (!contents.isEmpty()) {
                Durable.flushDirectory(layout.objects());
            }
            Path unfinished =
                    Durable.write(
                            layout.revision(manifest.getRevision()),
                            ManifestBytes.encode(manifest));
            return new Prepared(manifest, added, unfinished);
        } catch (IOException e) {
            removeUnused(added);
            throw refused(e);
        }
    }

    private StoreException refused(IOException e) {
        return new StoreException(
                "can't write to the state directory "
                        + layout.directory()
                        + " ("
                        + DiskReason.of(e)
                        + "), so nothing was changed: make room there, or give the agent's user the"
                        + " right to write there, and push again",
                e);
    }

    /** Drops the oldest revisions beyond the limit, and objects that none names any more. */
    private void removeOld() {
        while (kept.size() > limit) {
            long oldest = kept.first();
            Path file = layout.revision(oldest);
            kept.remove(oldest);
            try {
                Manifest manifest = ManifestBytes.decode(file, Files.readAllBytes(file));
                Files.delete(file);
                List<ByteString> named =
                        manifest.getObjectsList().stream().map(StoredObject::getSha256).toList();
                named.forEach(references::remove);
                removeUnused(named);
            } catch (DamagedException e) {
                // Its objects are found to be nobody's by the next start.
                putAside(file, e.getMessage());
            } catch (IOException e) {
                LOG.warn("event=cleanup_failed file={} error=\"{}\"", file, DiskReason.of(e));
            }
        }
    }

    private void removeUnused(List<ByteString> hashes) {
        hashes.stream()
                .filter(hash -> !references.contains(hash))
                .map(layout::object)
                .forEach(Store::remove);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("event=cleanup_failed file={} error=\"{}\"", file, DiskReason.of(e));
        }
    }

    @Override
    public void close() {
        release(lock);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where the agent keeps the objects: for itself, with room, and over a boot. */
final class StateDirectoryCheck implements Check {
    static final Path STANDARD = Path.of("/var/lib/portcullis");

    private static final Set<String> FORGETTING = Set.of("tmpfs", "ramfs");
    private static final long MEGABYTE = 1_000_000;
    private static final long LEAST_FREE = 100 * MEGABYTE;

    private final Host host;
    private final Path directory;

    StateDirectoryCheck(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    @Override
    public Subject subject() {
        return Subject.DIRECTORIES;
    }

    @Override
    public String name() {
        return "state";
    }

    @Override
    public List<Finding> findings() throws IOException {
        return List.of(directory(), fileSystem());
    }

    private Finding directory() throws IOException {
        try {
            // What may not be asked for is not known to be missing.
            directory.getFileSystem().provider().checkAccess(directory);
        } catch (AccessDeniedException e) {
            return subject().hidden(name(), directory + " may not be looked at by this user");
        } catch (NoSuchFileException e) {
            return missing();
        }
        if (!Files.isDirectory(directory)) {
            return subject()
                    .failed(
                            name(),
                            directory + " is no directory",
                            "remove it, or set another \"stateDirectory\"");
        }
        return Ownership.of(directory).judge(subject(), name(), host.agentUser());
    }

    private Finding missing() throws IOException {
        if (directory.equals(STANDARD)) {
            return subject().ok(name(), directory + " is not there, and made by the first start");
        }
        String owner = host.agentUser().orElse("root");
        return subject()
                .warning(
                        name(),
                        directory + " is not there, and the unit makes only " + STANDARD,
                        "\"install -d -m 0700 -o "
                                + owner
                                + " "
                                + directory
                                + "\", and ReadWritePaths="
                                + directory
                                + " in the unit");
    }

    private Finding fileSystem() throws IOException {
        String check = "state disk";
        Optional<String> type = MountTable.of(host).type(directory);
        if (type.filter(FORGETTING::contains).isPresent()) {
            return subject()
                    .failed(
                            check,
                            directory
                                    + " is on a "
                                    + type.get()
                                    + ": policies would be lost at the next boot, and everybody"
                                    + " would get in",
                            "set \"stateDirectory\" to a directory on a disk");
        }
        FileStore store = Files.getFileStore(existing(directory));
        String kind = type.orElse(store.type());
        if (store.isReadOnly()) {
            return subject()
                    .failed(
                            check,
                            directory + " is on a " + kind + " that is mounted read-only",
                            "mount it for writing, or set another \"stateDirectory\"");
        }
        String found =
                String.format(
                        Locale.ROOT,
                        "%,d MB are free (%s)",
                        store.getUsableSpace() / MEGABYTE,
                        kind);
        return store.getUsableSpace() >= LEAST_FREE
                ? subject().ok(check, found)
                : subject()
                        .warning(
                                check,
                                found + ", and a push that finds no room is refused",
                                "make room for 100 MB at least, more if policies are large");
    }

    /** What is or will be above a directory that is not there. */
    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.workloads;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The cgroups that are there. Their ids are the inode numbers of their directories. */
final class CgroupTree {
    /** The kernel programs look at no deeper ones. */
    private static final int LEVELS = 15;

    private final Path root;

    /**
     * @param root where cgroup v2 is mounted
     */
    CgroupTree(Path root) {
        this.root = root;
    }

    /** Where cgroup v2 is mounted; empty if it is not. */
    static Optional<Path> mounted() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                    .map(line -> line.split(" "))
                    .filter(fields -> fields[2].equals("cgroup2"))
                    .map(fields -> Path.of(fields[1]))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every directory of the tree, the root first. */
    List<Path> directories() {
        List<Path> directories = new ArrayList<>();
        add(root, 0, directories);
        return directories;
    }

    private static void add(Path directory, int level, List<Path> directories) {
        directories.add(directory);
        if (level == LEVELS) {
            return;
        }
        try (DirectoryStream<Path> below =
                Files.newDirectoryStream(directory, Files::isDirectory)) {
            below.forEach(child -> add(child, level + 1, directories));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // It went meanwhile.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cgroups that workloads stand for now; none for one that is not there. */
    Map<Workload, List<Cgroup>> find(Set<Workload> workloads, List<Path> directories) {
        Map<Workload, List<Cgroup>> found = new HashMap<>();
        for (Workload workload : workloads) {
            List<Cgroup> cgroups = new ArrayList<>();
            for (Path directory : directories) {
                String path = "/" + root.relativize(directory);
                if (isMeant(workload, path)) {
                    id(directory).ifPresent(id -> cgroups.add(new Cgroup(id, path)));
                }
            }
            found.put(workload, List.copyOf(cgroups));
        }
        return found;
    }

    private static boolean isMeant(Workload workload, String path) {
        if (workload instanceof Workload.Unit unit) {
            return path.endsWith("/" + unit.name());
        }
        return workload instanceof Workload.CgroupPath cgroup && cgroup.path().equals(path);
    }

    private static Optional<Long> id(Path directory) {
        try {
            return Optional.of((Long) Files.getAttribute(directory, "unix:ino"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

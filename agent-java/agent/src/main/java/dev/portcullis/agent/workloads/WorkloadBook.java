// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.workloads;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What workloads stand for, kept up to date: the tree of cgroups is watched while some are
 * followed, and looked through once in a while besides, because a directory may be made in one that
 * is not watched yet.
 */
public final class WorkloadBook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkloadBook.class);
    private static final long SECONDS_BETWEEN_LOOKS = 2;

    /** Of a group of new directories, the innermost is made a moment after the outermost. */
    private static final long MILLIS_TO_SETTLE = 2;

    private final Optional<CgroupTree> tree;
    private final WatchService watch;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Thread thread;

    private volatile Set<Workload> followed = Set.of();
    private volatile Map<Workload, List<Cgroup>> cgroups = Map.of();
    private volatile Runnable listener = () -> {};

    /**
     * @param root where cgroup v2 is mounted; empty if it is not, and then no process is in any
     */
    WorkloadBook(Optional<Path> root) {
        tree = root.map(CgroupTree::new);
        try {
            watch = FileSystems.getDefault().newWatchService();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, "workloads");
        thread.setDaemon(true);
        thread.start();
    }

    /** That of this host. */
    public static WorkloadBook ofHost() {
        return new WorkloadBook(CgroupTree.mounted());
    }

    /** What workloads stand for at this moment, whether they are followed or not. */
    public Map<Workload, List<Cgroup>> resolveNow(Set<Workload> workloads) {
        return workloads.isEmpty()
                ? Map.of()
                : tree.map(t -> t.find(workloads, t.directories())).orElse(Map.of());
    }

    /** What those that are followed stand for. */
    public Map<Workload, List<Cgroup>> cgroups() {
        return cgroups;
    }

    /** Keeps these up to date from now on, and no others. */
    public void follow(Set<Workload> workloads) {
        followed = Set.copyOf(workloads);
        look();
    }

    /** Has a listener called after a workload came to stand for something else. */
    public void onChange(Runnable newListener) {
        listener = newListener;
    }

    private void run() {
        while (true) {
            try {
                WatchKey key = watch.poll(SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
                for (; key != null; key = watch.poll(MILLIS_TO_SETTLE, TimeUnit.MILLISECONDS)) {
                    key.pollEvents();
                    key.reset();
                }
                if (!followed.isEmpty() && look()) {
                    listener.run();
                }
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("event=workloads_failed message=\"{}\"", e.getMessage());
            }
        }
    }

    /** Looks through the tree; whether something came to stand for something else. */
    private synchronized boolean look() {
        if (tree.isEmpty()) {
            return false;
        }
        Set<Workload> wanted = followed;
        List<Path> directories = wanted.isEmpty() ? List.of() : tree.get().directories();
        watched.values().removeIf(key -> !key.isValid());
        directories.forEach(this::watch);
        Map<Workload, List<Cgroup>> now = tree.get().find(wanted, directories);
        boolean changed = !now.equals(cgroups);
        cgroups = now;
        return changed;
    }

    private void watch(Path directory) {
        if (watched.containsKey(directory)) {
            return;
        }
        try {
            watched.put(
                    directory,
                    directory.register(
                            watch,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // It went meanwhile.
        } catch (IOException e) {
            LOG.warn(
                    "event=workloads_unwatched message=\"{} can't be watched ({}); changes in it"
                            + " are seen within {} s\"",
                    directory,
                    e.getMessage(),
                    SECONDS_BETWEEN_LOOKS);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            watch.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

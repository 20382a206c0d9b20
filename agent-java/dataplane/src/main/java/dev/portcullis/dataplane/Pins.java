// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What outlives the agent, below one directory of a bpffs:
 *
 * <pre>
 * maps/NAME       the maps
 * maps-new/NAME   those of an object that is about to take over
 * links/INDEX     the attachment of the interface with this index (a bpffs takes no dots in names)
 * egress/INDEX    the same at egress; an empty directory where it is a filter, which needs no pin
 * </pre>
 *
 * <p>A link holds its program, and the program its maps, so the pins of maps only serve to find
 * them again.
 */
public final class Pins {
    private final Path root;

    Pins(Path root) {
        this.root = root;
    }

    /**
     * Makes the directories.
     *
     * @throws DataplaneException if they can't be made, or are not on a bpffs
     */
    void prepare() {
        try {
            Files.createDirectories(root);
            if (!Files.getFileStore(root).type().equals("bpf")) {
                throw new DataplaneException(
                        root
                                + " is not on a bpffs: mount one (\"mount -t bpf bpf /sys/fs/bpf\"), or set \"bpffs\" to a"
                                + " directory on one");
            }
            Files.createDirectories(root.resolve("links"));
            Files.createDirectories(root.resolve("egress"));
        } catch (IOException e) {
            throw new DataplaneException(
                    "can't make "
                            + root
                            + " ("
                            + e.getClass().getSimpleName()
                            + "): the agent's user needs to own it, and a"
                            + " bpffs has to be mounted there (\"mount -t bpf bpf /sys/fs/bpf\")",
                    e);
        }
    }

    Path map(String name) {
        return root.resolve("maps").resolve(name);
    }

    boolean hasMaps() {
        return Files.isDirectory(root.resolve("maps"));
    }

    /** Where a new object's maps are pinned until its programs are in place. */
    Path stagedMap(String name) {
        return root.resolve("maps-new").resolve(name);
    }

    void beginStaging() {
        delete(root.resolve("maps-new"));
        try {
            Files.createDirectories(root.resolve("maps-new"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void finishStaging() {
        delete(root.resolve("maps"));
        try {
            Files.move(
                    root.resolve("maps-new"), root.resolve("maps"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pins a map in the place of one of the same name. */
    void replaceMap(String name, BpfMap map) {
        beginStaging();
        map.pin(stagedMap(name));
        try {
            Files.move(stagedMap(name), map(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        delete(root.resolve("maps-new"));
    }

    Path link(int interfaceIndex) {
        return root.resolve("links").resolve(Integer.toString(interfaceIndex));
    }

    /** The pinned links by the interface index in their name. */
    Map<Integer, Path> links() {
        return byIndex("links");
    }

    private Map<Integer, Path> byIndex(String directory) {
        Map<Integer, Path> pins = new TreeMap<>();
        if (!Files.isDirectory(root.resolve(directory))) {
            return pins;
        }
        try (Stream<Path> files = Files.list(root.resolve(directory))) {
            files.forEach(file -> pins.put(Integer.valueOf(file.getFileName().toString()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pins;
    }

    Path egressLink(int interfaceIndex) {
        return root.resolve("egress").resolve(Integer.toString(interfaceIndex));
    }

    /** The interfaces that have an attachment at egress. */
    Set<Integer> egress() {
        return byIndex("egress").keySet();
    }

    /** Says that an interface has a filter at egress. */
    void markFilter(int interfaceIndex) {
        try {
            Files.createDirectory(egressLink(interfaceIndex));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasFilterMark(int interfaceIndex) {
        return Files.isDirectory(egressLink(interfaceIndex));
    }

    /** Forgets an attachment at egress. */
    void removeEgress(int interfaceIndex) {
        unpin(egressLink(interfaceIndex));
    }

    void unpin(Path pin) {
        try {
            Files.deleteIfExists(pin);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an agent pins here: not after {@link #detachAll}. */
    boolean exist() {
        return Files.isDirectory(root.resolve("links"));
    }

    /**
     * Takes the programs off every interface and removes all pins below a directory, also when no
     * agent runs. What was protected is open afterwards.
     *
     * @return the indexes of the interfaces that were guarded
     * @throws DataplaneException if the directory is not there or can't be changed
     */
    public static List<Integer> detachAll(Libbpf libbpf, Path bpffs) {
        Pins pins = new Pins(bpffs);
        if (!pins.exist()) {
            throw new DataplaneException(
                    "nothing is pinned below "
                            + bpffs
                            + ": name the agent's \"bpffs\" directory with --bpffs, as its owner or root");
        }
        List<Integer> detached = new ArrayList<>();
        pins.links()
                .forEach((index, pin) -> {
                    libbpf.pinnedLink(pin).ifPresent(Pins::detach);
                    pins.unpin(pin);
                    detached.add(index);
                });
        pins.egress().forEach(index -> EgressAttachment.detach(libbpf, pins, index));
        for (String directory : List.of("links", "egress", "maps", "maps-new")) {
            pins.delete(bpffs.resolve(directory));
        }
        return detached;
    }

    private static void detach(BpfLink link) {
        try (link) {
            link.detach();
        }
    }

    private void delete(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path visited, IOException error)
                                throws IOException {
                            Files.delete(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

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
 * objects/NUMBER/NAME      the maps of a loaded object; the highest number is the one in use
 * objects/NUMBER-new/NAME  those of one that is not whole yet
 * links/INDEX              the attachment of the interface with this index (a bpffs takes no dots in names)
 * egress/INDEX             the same at egress; an empty directory where it is a filter, which needs no pin
 * detached                 an empty directory: judging was stopped on purpose, whoever still runs
 * </pre>
 *
 * <p>A link holds its program, and the program its maps, so the pins of maps only serve to find
 * them again. An object is pinned whole before its programs are put in the place of those of the
 * one before it, whose pins go last: whenever the agent dies, the next one finds both.
 */
public final class Pins {
    private static final String UNFINISHED = "-new";
    private static final String DETACHED = "detached";

    private final Path root;

    Pins(Path root) {
        this.root = root;
    }

    /**
     * Makes the directories for an agent that starts.
     *
     * @throws DataplaneException if they can't be made, or are not on a bpffs
     */
    void prepare() {
        makeDirectories();
        unpin(root.resolve(DETACHED));
    }

    /**
     * Makes those that are missing.
     *
     * @throws DataplaneException if they can't be made, or are not on a bpffs
     */
    void makeDirectories() {
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
            Files.createDirectories(objects());
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

    private Path objects() {
        return root.resolve("objects");
    }

    /** The numbers of the objects that are pinned whole, in order. */
    List<Integer> objectNumbers() {
        return names(objects()).stream()
                .filter(name -> !name.endsWith(UNFINISHED))
                .map(Integer::valueOf)
                .sorted()
                .toList();
    }

    Path map(int object, String name) {
        return objects().resolve(Integer.toString(object)).resolve(name);
    }

    boolean hasMap(int object, String name) {
        return Files.exists(map(object, name));
    }

    /** Pins the maps of a new object, all or none. */
    void pinObject(int object, Map<String, BpfMap> maps) {
        Path whole = objects().resolve(Integer.toString(object));
        Path unfinished = objects().resolve(object + UNFINISHED);
        delete(unfinished);
        try {
            Files.createDirectory(unfinished);
            maps.forEach((name, map) -> map.pin(unfinished.resolve(name)));
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pins a map in the place of one of the same name. */
    void replaceMap(int object, String name, BpfMap map) {
        Path unfinished = map(object, name + UNFINISHED);
        unpin(unfinished);
        map.pin(unfinished);
        try {
            Files.move(unfinished, map(object, name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void removeObject(int object) {
        delete(objects().resolve(Integer.toString(object)));
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
        Path parent = root.resolve(directory);
        names(parent).forEach(name -> pins.put(Integer.valueOf(name), parent.resolve(name)));
        return pins;
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    boolean hasEgress(int interfaceIndex) {
        return Files.exists(egressLink(interfaceIndex));
    }

    boolean hasLink(int interfaceIndex) {
        return Files.exists(link(interfaceIndex));
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

    /** Whether judging was stopped since {@link #prepare}, by whomever. */
    boolean areDetached() {
        return Files.isDirectory(root.resolve(DETACHED));
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
        // First, so that an agent that runs does not put back what goes.
        pins.markDetached();
        List<Integer> detached = new ArrayList<>();
        pins.links()
                .forEach((index, pin) -> {
                    libbpf.pinnedLink(pin).ifPresent(Pins::detach);
                    pins.unpin(pin);
                    detached.add(index);
                });
        pins.egress().forEach(index -> EgressAttachment.detach(libbpf, pins, index));
        for (String directory : List.of("links", "egress", "objects")) {
            pins.delete(bpffs.resolve(directory));
        }
        return detached;
    }

    private void markDetached() {
        try {
            Files.createDirectories(root.resolve(DETACHED));
        } catch (IOException e) {
            throw new DataplaneException("can't change " + root, e);
        }
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

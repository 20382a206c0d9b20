// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import dev.portcullis.api.v1.StatusRequest;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a daemon takes at a moment, of everything that could grow as it lives on.
 *
 * @param counts what there is a whole number of: descriptors, mappings of maps, threads, kernel
 *     objects, entries of maps, pins, files
 * @param heap the Java objects that are reachable
 * @param resident bytes of the process in memory
 * @param kernel bytes of its maps
 * @param state bytes of its state directory
 * @param log bytes of what it has told since it started
 */
record Footprint(
        SortedMap<String, Long> counts,
        JavaHeap heap,
        long resident,
        long kernel,
        long state,
        long log) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Waits for a while until what has ended is gone, as far as it was so before. */
    static Footprint after(Footprint before, Agent agent, Client client) {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        Footprint now = of(agent, client);
        while (!now.grownSince(before).isEmpty() && System.nanoTime() < patience) {
            now = of(agent, client);
        }
        return now;
    }

    /** Those of the counts that are higher now, each with what it was and what it is. */
    List<String> grownSince(Footprint before) {
        return counts.entrySet().stream()
                .filter(now -> now.getValue() > before.count(now.getKey()))
                .map(now ->
                        now.getKey()
                                + ": "
                                + before.count(now.getKey())
                                + " and then "
                                + now.getValue())
                .toList();
    }

    private long count(String what) {
        return counts.getOrDefault(what, 0L);
    }

    static Footprint of(Agent agent, Client client) {
        JavaHeap heap = JavaHeap.of(agent.pid());
        try {
            return new Footprint(
                    counts(agent, client),
                    heap,
                    resident(agent.pid()),
                    KernelObjects.of(agent).memory(),
                    bytesBelow(agent.state()),
                    Files.size(agent.logFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SortedMap<String, Long> counts(Agent agent, Client client) {
        SortedMap<String, Long> counts = new TreeMap<>();
        try {
            countDescriptors(agent.pid(), counts);
            countMappings(agent.pid(), counts);
            countThreads(agent.pid(), counts);
            countFiles("pin in ", agent.bpffs(), counts);
            countFiles("file in ", agent.state(), counts);
            client.portcullis()
                    .status(StatusRequest.getDefaultInstance())
                    .getMapsList()
                    .forEach(map -> counts.put("entry of " + map.getName(), map.getEntries()));
        } catch (StatusException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        KernelObjects.of(agent).count(counts);
        return counts;
    }

    private static void countDescriptors(long pid, SortedMap<String, Long> counts)
            throws IOException {
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    add(counts, "descriptor " + kind(Files.readSymbolicLink(descriptor)));
                } catch (NoSuchFileException e) {
                    // Closed meanwhile.
                }
            }
        }
    }

    /** Such as {@code anon_inode:bpf-map} or {@code socket}; a file's own name. */
    private static String kind(Path target) {
        return target.toString().replaceFirst(":\\[\\d+\\]$", "");
    }

    private static void countMappings(long pid, SortedMap<String, Long> counts) throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            mappings.filter(mapping -> mapping.contains("bpf"))
                    .map(mapping -> mapping.replaceFirst("(\\S+\\s+){5}", ""))
                    .forEach(name -> add(counts, "mapping " + name));
        }
    }

    private static void countThreads(long pid, SortedMap<String, Long> counts) throws IOException {
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                try {
                    String name = Files.readString(thread.resolve("comm")).strip();
                    add(counts, "thread " + name.replaceAll("\\d+", "N"));
                } catch (NoSuchFileException e) {
                    // Ended meanwhile.
                }
            }
        }
    }

    /** Those at the top have names of their own, and come some time after the start. */
    private static void countFiles(String what, Path root, SortedMap<String, Long> counts)
            throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> !Files.isDirectory(file))
                    .map(file -> root.relativize(file).getParent())
                    .filter(Objects::nonNull)
                    .forEach(folder -> add(counts, what + folder));
        }
    }

    private static void add(SortedMap<String, Long> counts, String what) {
        counts.merge(what, 1L, Long::sum);
    }

    private static long resident(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(kilobytes -> Long.parseLong(kilobytes) << 10)
                    .sum();
        }
    }

    private static long bytesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** In a line: the sums of the counts by the first word of their names, and the bytes. */
    @Override
    public String toString() {
        SortedMap<String, Long> sums = new TreeMap<>();
        counts.forEach((what, count) ->
                sums.merge(what.substring(0, what.indexOf(' ')), count, Long::sum));
        return String.format(
                "%s, heap %,d, resident %,d, maps %,d, state %,d, log %,d bytes",
                sums, heap.bytes(), resident, kernel, state, log);
    }
}

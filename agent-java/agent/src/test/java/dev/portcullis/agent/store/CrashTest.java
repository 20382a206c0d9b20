// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static dev.portcullis.agent.store.Revisions.COMMON;
import static dev.portcullis.agent.store.Revisions.keep;
import static dev.portcullis.agent.store.Revisions.manifest;
import static dev.portcullis.agent.store.Revisions.own;
import static dev.portcullis.agent.store.Revisions.stored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.v1.Manifest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that is ended at each system call by which it changes the store, or whose call the disk
 * refuses, and what the next process finds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
    private static final int KILLED = 137;

    private Path directory;
    private Path preload;

    /** What an undisturbed process does, a call each. */
    private List<Call> calls;

    /**
     * A line of what crash.c writes.
     *
     * @param to where a rename goes, else empty
     */
    record Call(int number, String what, Path path, String to) {
        static Call of(String line) {
            String[] words = line.split(" ");
            return new Call(
                    Integer.parseInt(words[0]),
                    words[1],
                    Path.of(words[2]),
                    words.length > 3 ? words[3] : "");
        }

        boolean is(String other, Path on) {
            return what.equals(other) && path.equals(on);
        }

        @Override
        public String toString() {
            return number + " (" + what + " " + path.getFileName() + ")";
        }
    }

    private record Run(int exit, List<String> said, Path state, Path log) {
        /** The last revision of which it said that it is in force. */
        int published() {
            return (int) said.stream().filter(line -> line.startsWith("published")).count();
        }
    }

    @BeforeAll
    void runUndisturbed(@TempDir Path temporary) throws Exception {
        directory = temporary.toRealPath();
        preload = directory.resolve("crash.so");
        Process compiler =
                new ProcessBuilder(
                                "clang",
                                "-shared",
                                "-fPIC",
                                "-o",
                                preload.toString(),
                                "src/test/c/crash.c")
                        .inheritIO()
                        .start();
        assertThat(compiler.waitFor()).isZero();
        Run run = run(0, "kill");
        assertThat(run.exit).as(String.join("\n", run.said)).isZero();
        calls = Files.readAllLines(run.log).stream().map(Call::of).toList();
    }

    private Run run(int at, String how) throws IOException, InterruptedException {
        Path home = Files.createDirectory(directory.resolve(how + "-" + at));
        Path state = home.resolve("lib").resolve("state");
        Path log = directory.resolve(how + "-" + at + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xshare:auto",
                                "-cp",
                                classPath(),
                                Pusher.class.getName(),
                                state.toString())
                        .redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "LD_PRELOAD", preload.toString(),
                                "CRASH_UNDER", home.toString(),
                                "CRASH_AT", Integer.toString(at),
                                "CRASH_HOW", how,
                                "CRASH_LOG", log.toString()));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said.lines().toList(), state, log);
    }

    /** Without a logger, which takes half of a process's time. */
    private static String classPath() {
        List<String> path =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.contains("logback"))
                        .toList();
        return String.join(File.pathSeparator, path);
    }

    Stream<Call> every_call() {
        return calls.stream();
    }

    /** The pushes between are like the last one, but for what it removes. */
    Stream<Call> every_call_of_the_start_and_the_last_push() {
        String before = String.format("%020d", Pusher.REVISIONS - 1);
        int first = first(calls, call -> Durable.isUnfinished(call.path));
        int last = first(calls, call -> call.what.equals("rename") && call.to.endsWith(before));
        return Stream.concat(
                calls.subList(0, first).stream(), calls.subList(last + 2, calls.size()).stream());
    }

    Stream<Call> every_write() {
        return calls.stream().filter(call -> call.what.equals("write"));
    }

    @ParameterizedTest
    @MethodSource("every_call")
    void a_process_that_is_killed_leaves_the_revision_before_or_this_one(Call call)
            throws Exception {
        Run run = run(call.number, "kill");

        assertThat(run.exit).isEqualTo(KILLED);
        requireWholeAndUsable(run);
    }

    @ParameterizedTest
    @MethodSource("every_write")
    void a_process_that_is_killed_within_a_write_leaves_the_revision_before_or_this_one(Call call)
            throws Exception {
        Run run = run(call.number, "half");

        assertThat(run.exit).isEqualTo(KILLED);
        requireWholeAndUsable(run);
    }

    @ParameterizedTest
    @MethodSource("every_call_of_the_start_and_the_last_push")
    void a_call_that_the_disk_refuses_is_a_refused_push_and_the_next_one_works(Call call)
            throws Exception {
        Run run = run(call.number, "fail");

        assertThat(run.exit).as(String.join("\n", run.said)).isZero();
        assertThat(run.published()).isEqualTo(Pusher.REVISIONS);
        assertThat(run.said)
                .filteredOn(line -> line.startsWith("refused"))
                .allSatisfy(line -> assertThat(line).contains("No space left on device"));
        requireWholeAndUsable(run);
    }

    /** Nothing is damaged, nothing is lost that was in force, and nothing is left over. */
    private static void requireWholeAndUsable(Run run) throws IOException {
        long next;
        try (Store store = Store.open(run.state, Pusher.LIMIT)) {
            long found = store.newest().map(Manifest::getRevision).orElse(0L);
            assertThat(found).isBetween((long) run.published(), run.published() + 1L);
            assertThat(store.damage().warnings()).isEmpty();
            requireNoMoreThan(run.state, found);
            next = found + 1;
            keep(store, next);
        }
        try (Store store = Store.open(run.state, Pusher.LIMIT)) {
            assertThat(store.newest()).contains(manifest(next));
            requireNoMoreThan(run.state, next);
        }
    }

    private static void requireNoMoreThan(Path state, long newest) throws IOException {
        Layout layout = new Layout(state);
        Set<Path> expected = new HashSet<>();
        for (long revision = Math.max(1, newest - Pusher.LIMIT + 1);
                revision <= newest;
                revision++) {
            expected.add(layout.revision(revision));
            expected.add(layout.object(stored(own(revision)).getSha256()));
            expected.add(layout.object(stored(COMMON).getSha256()));
        }
        List<Path> found = new ArrayList<>(layout.files(layout.objects()));
        found.addAll(layout.files(layout.revisions()));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void a_file_is_flushed_before_it_gets_its_name_and_its_directory_after() {
        Map<Path, Integer> flushed = new HashMap<>();
        Map<Path, Integer> written = new HashMap<>();
        List<Call> renames = new ArrayList<>();
        for (Call call : calls) {
            switch (call.what) {
                case "write" -> written.put(call.path, call.number);
                case "fsync" -> flushed.put(call.path, call.number);
                case "rename" -> {
                    assertThat(flushed.get(call.path))
                            .as("flushed before %s", call)
                            .isNotNull()
                            .isGreaterThan(written.get(call.path));
                    renames.add(call);
                }
                default -> {}
            }
        }

        assertThat(renames).hasSize(2 * Pusher.REVISIONS + 1);
        assertThat(renames).allSatisfy(this::requireFlushAfter);
    }

    /** The directory is flushed before any file of another directory gets its name. */
    private void requireFlushAfter(Call rename) {
        Path folder = Path.of(rename.to).getParent();
        List<Call> after = calls.subList(rename.number, calls.size());
        int flush = first(after, call -> call.is("fsync", folder));
        int other =
                first(
                        after,
                        call -> call.what.equals("rename") && !Path.of(call.to).startsWith(folder));
        assertThat(flush).as("flush of %s after %s", folder, rename).isLessThan(other);
    }

    private static int first(List<Call> calls, Predicate<Call> wanted) {
        return IntStream.range(0, calls.size())
                .filter(i -> wanted.test(calls.get(i)))
                .findFirst()
                .orElse(calls.size());
    }

    @Test
    void what_a_process_before_may_not_have_flushed_is_flushed_before_it_is_relied_on() {
        List<Path> flushed =
                calls.stream()
                        .dropWhile(call -> !call.path.endsWith("lock"))
                        .skip(1)
                        .takeWhile(call -> call.what.equals("fsync"))
                        .map(Call::path)
                        .toList();

        assertThat(flushed)
                .extracting(path -> path.getFileName().toString())
                .containsExactly("state", "objects", "revisions");
    }

    @Test
    void a_directory_that_is_made_is_flushed_in_the_one_above_it_before_it_is_used() {
        List<Call> made = calls.stream().filter(call -> call.what.equals("mkdir")).toList();

        assertThat(made)
                .extracting(call -> call.path.getFileName().toString())
                .containsExactly("lib", "state", "objects", "revisions");
        assertThat(made)
                .allSatisfy(call ->
                        assertThat(calls.get(call.number))
                                .matches(next -> next.is("fsync", call.path.getParent())));
    }

    @Test
    void objects_are_removed_after_the_manifest_that_named_them() {
        List<Call> removed = calls.stream().filter(call -> call.what.equals("unlink")).toList();

        assertThat(removed)
                .extracting(call -> call.path.getParent().getFileName().toString())
                .containsExactly("revisions", "objects");
    }
}

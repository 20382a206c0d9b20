// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.Libbpf;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that takes over and commits dies at a system call: the program that is attached judges
 * by the rule set before or by the new one, and the next agent takes over as if nothing had been.
 * PORTCULLIS_DEATHS=all tries every call, which takes half an hour; else it is one in 29.
 */
class DeathTest {
    private static final int KILLED = 137;
    private static final String OLD = "203.0.113.9";
    private static final String NEW = "198.51.100.9";
    private static final String PASSES = "Return value: 2";
    private static final String DROPPED = "Return value: 1";

    private final int step = "all".equals(System.getenv("PORTCULLIS_DEATHS")) ? 1 : 29;
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final String name = veths.names().get(0);
    private final int index = Libbpf.get().interfaceIndex(name).orElseThrow();

    @TempDir private Path directory;
    private Path preload;

    @BeforeEach
    void compile() {
        preload = directory.resolve("die.so");
        Bpffs.run(
                "clang",
                "-shared",
                "-fPIC",
                "-O1",
                "-Wall",
                "-Werror",
                "-o",
                preload.toString(),
                "src/test/c/die.c");
    }

    @AfterEach
    void clean() {
        veths.close();
        bpffs.close();
    }

    @Test
    void an_agent_that_finds_its_own_maps_may_die_at_any_call() throws Exception {
        dieEverywhere(64, 64);
    }

    @Test
    void an_agent_that_makes_maps_of_its_own_may_die_at_any_call() throws Exception {
        dieEverywhere(64, 128);
    }

    /** The maps of an agent with room for as many decisions, by one with room for others. */
    private void dieEverywhere(int decisions, int decisionsOfTheNext) throws Exception {
        commit(decisions, OLD, 0);
        assertThat(judgedBy()).isEqualTo(OLD);
        Map<Integer, String> found = new TreeMap<>();
        int calls = commit(decisionsOfTheNext, NEW, 0);
        assertThat(judgedBy()).isEqualTo(NEW);
        assertThat(calls).isGreaterThan(20);
        // The last one comes after the flip, wherever the steps lead.
        int[] deaths =
                IntStream.concat(
                                IntStream.iterate(1, at -> at < calls, at -> at + step),
                                IntStream.of(calls))
                        .toArray();
        for (int at : deaths) {
            commit(decisions, OLD, 0);
            assertThat(judgedBy()).as("before the death at call %d", at).isEqualTo(OLD);

            int end = commit(decisionsOfTheNext, NEW, at);

            assertThat(end).as("the exit code after call %d", at).isEqualTo(KILLED);
            found.put(at, judgedBy());
        }
        assertThat(found.values()).containsOnly(OLD, NEW);
        commit(decisions, OLD, 0);
        assertThat(judgedBy()).isEqualTo(OLD);
        assertThat(bpffs.path().resolve("objects").toFile().list()).hasSize(1);
    }

    /**
     * @return how many calls there were, or the exit code if it died
     */
    private int commit(int decisions, String source, int dieAt)
            throws IOException, InterruptedException {
        Path armed = directory.resolve("armed");
        Path count = directory.resolve("count");
        Files.deleteIfExists(armed);
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Committer.class.getName(),
                        bpffs.path().toString(),
                        name,
                        Integer.toString(decisions),
                        source,
                        armed.toString());
        builder.environment()
                .putAll(
                        Map.of(
                                "LD_PRELOAD", preload.toString(),
                                "DIE_ARMED", armed.toString(),
                                "DIE_AT", Integer.toString(dieAt),
                                "DIE_COUNT", count.toString()));
        File output = directory.resolve("output").toFile();
        Process process = builder.redirectErrorStream(true).redirectOutput(output).start();
        int exit = process.waitFor();
        if (exit != 0 && exit != KILLED) {
            throw new AssertionError(Files.readString(output.toPath()));
        }
        return exit == 0 ? Integer.parseInt(Files.readString(count).strip()) : exit;
    }

    /** Whom the attached program lets in, of both directions' rule sets the first. */
    private String judgedBy() throws IOException {
        String old = run(OLD);
        String next = run(NEW);
        if (old.contains(PASSES) && next.contains(DROPPED)) {
            return OLD;
        }
        return old.contains(DROPPED) && next.contains(PASSES) ? NEW : "neither: " + old + next;
    }

    private String run(String source) throws IOException {
        Path frame = directory.resolve("frame");
        ByteBuffer bytes = Segment.of(source, "10.0.0.1", Segment.SYN, 1, 0).frame();
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        Files.write(frame, content);
        try (BpfLink link =
                Libbpf.get().pinnedLink(bpffs.path().resolve("links/" + index)).orElseThrow()) {
            return Bpffs.run(
                    "bpftool",
                    "prog",
                    "run",
                    "id",
                    Integer.toString(link.info().programId()),
                    "data_in",
                    frame.toString());
        }
    }
}

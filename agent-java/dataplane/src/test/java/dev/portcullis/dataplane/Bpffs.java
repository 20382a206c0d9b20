// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory for a test's pins, removed with everything in it. */
final class Bpffs implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path path =
            Path.of(
                    "/sys/fs/bpf/pcdp-"
                            + ProcessHandle.current().pid()
                            + "-"
                            + NUMBER.incrementAndGet());

    Bpffs() {
        if (!run("id", "-u").strip().equals("0")) {
            throw new AssertionError("these tests load BPF programs: run them as root");
        }
        try {
            if (!Files.getFileStore(Path.of("/sys/fs/bpf")).type().equals("bpf")) {
                run("mount", "-t", "bpf", "bpf", "/sys/fs/bpf");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path() {
        return path;
    }

    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        run("rm", "-rf", path.toString());
    }
}

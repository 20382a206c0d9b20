// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that was run to its end. */
public record Command(List<String> line, int exit, String out, String err) {
    private static final int SECONDS = 60;

    public static Command run(List<String> line) {
        return run(line, "");
    }

    public static Command run(List<String> line, String input) {
        try {
            Process process = new ProcessBuilder(line).start();
            CompletableFuture<String> out = read(process.getInputStream());
            CompletableFuture<String> err = read(process.getErrorStream());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended without reading its input; its exit code tells the rest.
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", line)
                                + " did not end in "
                                + SECONDS
                                + " s: "
                                + err.join());
            }
            return new Command(line, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static CompletableFuture<String> read(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Itself, if it succeeded. */
    public Command ok() {
        if (exit != 0) {
            throw new AssertionError(
                    String.join(" ", line) + " ended with " + exit + "\n" + out + err);
        }
        return this;
    }
}

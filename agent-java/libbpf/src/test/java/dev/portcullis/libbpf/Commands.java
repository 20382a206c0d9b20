// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the host's tools. */
final class Commands {
    private Commands() {}

    /** Returns what the command printed; a failure is an assertion error with that. */
    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] output = process.getInputStream().readAllBytes();
            String text = new String(output, StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", List.of(command)) + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** For clean-up, which goes on after a failure. */
    static void attempt(String... command) {
        try {
            run(command);
        } catch (AssertionError e) {
            System.err.println("clean-up: " + e.getMessage());
        }
    }
}

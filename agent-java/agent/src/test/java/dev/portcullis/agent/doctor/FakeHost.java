// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of a host below a directory of the test. */
final class FakeHost {
    private final Host host;

    FakeHost(Path root) {
        host = new Host(root);
    }

    Host host() {
        return host;
    }

    /** Writes a file and the directories above it. */
    FakeHost with(String path, String content) {
        try {
            Files.createDirectories(host.file(path).getParent());
            Files.writeString(host.file(path), content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A kernel's version, as the kernel writes it. */
    FakeHost withKernel(String release) {
        return with("/proc/sys/kernel/osrelease", release + "\n");
    }

    /** Runs a command of the real host. */
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
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx of nginx.conf in a namespace, with a directory of its own. */
final class Nginx {
    private final Path directory;

    /** Starts it and waits until it answers; it ends with the network. */
    Nginx(Network network, String namespace, Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory.resolve("files"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        network.run(
                namespace,
                List.of(
                        "nginx",
                        "-p",
                        directory.toString(),
                        "-c",
                        Network.resource("nginx.conf"),
                        // Until it has read where its log is.
                        "-e",
                        "nginx.log"));
        List<String> ask = List.of("curl", "-s", "http://127.0.0.1:9201/");
        Agent.await(
                "nginx answers",
                () -> Command.run(Network.inside(namespace, ask)).out().equals("127.0.0.1\n"));
    }

    /** A file that it serves, or was sent. */
    Path file(String name) {
        return directory.resolve("files").resolve(name);
    }

    /** How many health checks have reached it. */
    int healthChecks() {
        try {
            return Files.readAllLines(directory.resolve("health.log")).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

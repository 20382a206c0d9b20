// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a host's files are.
 *
 * @param root {@code /}, or where a test has made some
 */
record Host(Path root) {
    private static final String AGENT_USER = "portcullis";

    static Host here() {
        return new Host(Path.of("/"));
    }

    /**
     * @param path as it is below {@code /}
     */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** A file's content without the line's end; empty if there is no such file. */
    Optional<String> text(String path) throws IOException {
        try {
            return Optional.of(Files.readString(file(path)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The user that the unit runs the agent as, if the host has it. */
    Optional<String> agentUser() throws IOException {
        List<String> users = text("/etc/passwd").stream().flatMap(String::lines).toList();
        return users.stream().anyMatch(line -> line.startsWith(AGENT_USER + ":"))
                ? Optional.of(AGENT_USER)
                : Optional.empty();
    }
}

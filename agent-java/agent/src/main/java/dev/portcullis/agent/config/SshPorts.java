// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ports that sshd listens at, as far as its configuration tells (sshd_config(5): {@code Port},
 * and {@code ListenAddress} with a port).
 */
final class SshPorts {
    private static final Logger LOG = LoggerFactory.getLogger(SshPorts.class);
    private static final int STANDARD = 22;
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s*(?:Port\\s+|ListenAddress\\s+(?:\\[[^]]*]|[^\\s:]+):)(\\d{1,5})\\b.*",
                    Pattern.CASE_INSENSITIVE);

    private SshPorts() {}

    /** Of this host; 22 is always among them. */
    static Set<Integer> ofHost() {
        return of(Path.of("/etc/ssh"));
    }

    static Set<Integer> of(Path directory) {
        Set<Integer> ports = new HashSet<>(Set.of(STANDARD));
        addFrom(directory.resolve("sshd_config"), ports);
        Path more = directory.resolve("sshd_config.d");
        if (Files.isDirectory(more)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(more, "*.conf")) {
                files.forEach(file -> addFrom(file, ports));
            } catch (IOException e) {
                unreadable(more, e);
            }
        }
        return Set.copyOf(ports);
    }

    private static void addFrom(Path file, Set<Integer> ports) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                Matcher matcher = LINE.matcher(line);
                if (matcher.matches()) {
                    ports.add(Integer.valueOf(matcher.group(1)));
                }
            }
        } catch (IOException e) {
            unreadable(file, e);
        }
    }

    private static void unreadable(Path file, IOException e) {
        LOG.warn(
                "event=ssh_ports_unknown file={} error=\"{}\" message=\"set sshPorts in agent.yaml if"
                        + " sshd does not listen at 22\"",
                file,
                e.getClass().getSimpleName());
    }
}

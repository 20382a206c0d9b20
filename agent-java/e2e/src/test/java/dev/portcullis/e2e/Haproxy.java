// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy of haproxy.cfg in a namespace, with a directory of its own. */
final class Haproxy {
    private final Path directory;

    /** Starts it and waits until it answers; it ends with the network. */
    Haproxy(Network network, String namespace, Path directory) {
        this.directory = directory;
        certify();
        network.run(
                namespace,
                List.of(
                        "env",
                        "DIRECTORY=" + directory,
                        "haproxy",
                        "-db",
                        "-q",
                        "-f",
                        Network.resource("haproxy.cfg")));
        Agent.await("HAProxy answers", () -> Files.exists(socket()));
    }

    /** It wants key and certificate in one file. */
    private void certify() {
        new Certificates(directory, "service");
        try {
            Files.writeString(
                    directory.resolve("balancer.pem"),
                    Files.readString(directory.resolve("service.pem"))
                            + Files.readString(directory.resolve("service.key")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path socket() {
        return directory.resolve("haproxy.sock");
    }

    /** Takes a server of the backend whose servers are checked into service, as up. */
    void enable(String server) {
        ask("set server checked/" + server + " state ready");
    }

    void disable(String server) {
        ask("set server checked/" + server + " state maint");
    }

    /** A column of what it tells of such a server, such as {@code status}. */
    String tells(String server, String column) {
        List<String> lines = ask("show stat checked 4 -1").lines().toList();
        int index = List.of(lines.get(0).substring("# ".length()).split(",")).indexOf(column);
        return lines.stream()
                .filter(line -> line.startsWith("checked," + server + ","))
                .map(line -> line.split(",")[index])
                .findFirst()
                .orElseThrow();
    }

    private String ask(String command) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new String(
                    Channels.newInputStream(channel).readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

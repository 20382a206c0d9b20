// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** dnsmasq with a hosts file that can be changed, and a log of the queries. */
final class Dnsmasq implements AutoCloseable {
    private final Path hosts;
    private final Path log;
    private final int port;
    private final Server server;

    private Dnsmasq(Path hosts, Path log, int port, Server server) {
        this.hosts = hosts;
        this.log = log;
        this.port = port;
        this.server = server;
    }

    static Dnsmasq start(Path directory, String... options) throws Exception {
        return start(directory, Server.freePort(), options);
    }

    static Dnsmasq start(Path directory, int port, String... options) throws Exception {
        Path hosts = directory.resolve("hosts");
        Path log = directory.resolve("queries.log");
        if (!Files.exists(hosts)) {
            Files.createFile(hosts);
        }
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "/usr/sbin/dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--no-resolv",
                                "--no-hosts",
                                "--user=root",
                                "--pid-file=",
                                "--listen-address=127.0.0.1",
                                "--bind-interfaces",
                                "--port=" + port,
                                "--addn-hosts=" + hosts,
                                // Without these, what is not known is refused, as by a server
                                // that resolves for others only.
                                "--local=/example.org/",
                                "--local=/in-addr.arpa/",
                                "--local=/ip6.arpa/",
                                "--log-queries",
                                "--log-facility=" + log));
        line.addAll(List.of(options));
        Server server = Server.start(line, port, directory.resolve("dnsmasq.out"));
        return new Dnsmasq(hosts, log, port, server);
    }

    InetSocketAddress address() {
        return Server.address(port);
    }

    /** New lines of a hosts file: an address and its names. */
    void hosts(String lines) throws Exception {
        Files.writeString(hosts, lines);
        server.hangUp();
    }

    /** How many queries came whose log line has this text, such as {@code "query[A] a.org "}. */
    long queries(String text) {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}

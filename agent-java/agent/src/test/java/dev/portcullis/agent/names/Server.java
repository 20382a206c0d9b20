// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Message;
import org.xbill.DNS.SimpleResolver;

/** The process of a DNS server on loopback. */
final class Server implements AutoCloseable {
    private static final int ROOT = 2;
    private static final String QUESTION = "started.invalid.";

    private final Process process;

    private Server(Process process) {
        this.process = process;
    }

    /** Starts it and waits until it answers. */
    static Server start(List<String> line, int port, Path log) throws Exception {
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        Server server = new Server(process);
        try {
            Wait.until(
                    line.get(0) + " answers; see " + log,
                    () -> {
                        if (!process.isAlive()) {
                            throw new AssertionError(line.get(0) + " has ended; see " + log);
                        }
                        return answers(port);
                    });
            return server;
        } catch (AssertionError e) {
            server.close();
            throw e;
        }
    }

    private static boolean answers(int port) {
        try {
            SimpleResolver resolver = new SimpleResolver(address(port));
            resolver.setTimeout(Duration.ofMillis(200));
            var name = org.xbill.DNS.Name.fromString(QUESTION);
            resolver.send(Message.newQuery(org.xbill.DNS.Record.newRecord(name, ROOT, 1)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A port that neither UDP nor TCP has in use. */
    static int freePort() throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    DatagramSocket udp = new DatagramSocket(address(tcp.getLocalPort()))) {
                return udp.getLocalPort();
            } catch (java.net.BindException e) {
                // Another one will do.
            }
        }
    }

    void hangUp() throws Exception {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

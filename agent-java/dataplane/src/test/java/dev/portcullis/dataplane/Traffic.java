// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/** TCP between this host and another, of contents that would show a byte in the wrong place. */
final class Traffic {
    private static final int PORT = 7008;
    private static final int WAIT_MILLIS = 20_000;

    /** Sends one client's bytes back; takes the address and the port. */
    static final String ECHO =
            """
            import socket, sys
            family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
            server = socket.socket(family)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((sys.argv[1], int(sys.argv[2])))
            server.listen()
            print('ready')
            client, _ = server.accept()
            while data := client.recv(65536):
                client.sendall(data)
            """;

    /** Reads to the end, and tells the sum of what came. */
    private static final String READ =
            """
            import socket, sys, zlib
            mine, server, port, seconds = sys.argv[1:]
            try:
                connection = socket.create_connection((server, int(port)), float(seconds), (mine, 0))
            except TimeoutError:
                print('no answer')
                sys.exit()
            connection.settimeout(20)
            sum = 0
            while data := connection.recv(65536):
                sum = zlib.crc32(data, sum)
            print(sum)
            """;

    private Traffic() {}

    /** This host begins, and gets back all that it sends. */
    static void assertEchoed(Namespace there, String server, int bytes) throws Exception {
        byte[] sent = bytes(bytes);
        Process echo = there.serve(ECHO, server, "" + PORT);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server, PORT), WAIT_MILLIS);
            socket.setSoTimeout(WAIT_MILLIS);
            inBackground(() -> socket.getOutputStream().write(sent));
            assertThat(socket.getInputStream().readNBytes(bytes)).isEqualTo(sent);
        } finally {
            echo.destroyForcibly();
            echo.waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** The other host begins, and this host sends it so much. */
    static void assertServed(Namespace there, String client, String here, int bytes)
            throws IOException {
        byte[] sent = bytes(bytes);
        try (ServerSocket server = listen(here)) {
            inBackground(() -> {
                try (Socket socket = server.accept();
                        OutputStream out = socket.getOutputStream()) {
                    out.write(sent);
                }
            });
            assertThat(read(there, client, here, WAIT_MILLIS / 1_000)).isEqualTo(sum(sent));
        }
    }

    /** The other host gets no answer when it begins. */
    static void assertNotAnswered(Namespace there, String client, String here) throws IOException {
        try (ServerSocket server = listen(here)) {
            assertThat(read(there, client, here, 2)).isEqualTo("no answer");
            assertThat(server.isClosed()).isFalse();
        }
    }

    private static ServerSocket listen(String here) throws IOException {
        return new ServerSocket(PORT, 1, InetAddress.getByName(here));
    }

    private static String read(Namespace there, String client, String here, int seconds) {
        return there.run("python3", "-c", READ, client, here, "" + PORT, "" + seconds).strip();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new SplittableRandom(count).nextBytes(bytes);
        return bytes;
    }

    private static String sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return "" + sum.getValue();
    }

    /** What goes on beside a test. */
    interface Step {
        void run() throws IOException;
    }

    static void inBackground(Step step) {
        Thread thread =
                new Thread(() -> {
                    try {
                        step.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
        thread.setDaemon(true);
        thread.start();
    }
}

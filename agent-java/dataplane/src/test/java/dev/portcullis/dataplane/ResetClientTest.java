// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Enforcement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client behind a veth, and a service that listens. */
class ResetClientTest {
    private static final String CLIENT =
            """
            import errno, socket, sys, time
            client = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
            client.settimeout(20)
            begin = time.monotonic()
            try:
                client.connect((sys.argv[1], 9200))
                print('CONNECTED', flush=True)
                sys.stdin.readline()
                begin = time.monotonic()
                client.sendall(b'x' * int(sys.argv[2]))
                client.recv(1)
                print('CLOSED')
            except OSError as e:
                name = errno.errorcode.get(e.errno, str(e))
                print(name, int((time.monotonic() - begin) * 1000))
            """;

    @TempDir private Path directory;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour neighbour = new Neighbour();
    private LoadedDataplane loaded;

    @BeforeEach
    void connect() throws IOException {
        receiveAnswers();
        loaded =
                new LoadedDataplane(
                        bpffs,
                        Limits.DEFAULT,
                        List.of(neighbour.near()),
                        false,
                        DecisionIds.none());
        Files.writeString(directory.resolve("client.py"), CLIENT);
    }

    /** A veth only takes what XDP sends back if its own end has a program, too. */
    private void receiveAnswers() throws IOException {
        Path source = directory.resolve("pass.c");
        String object = directory.resolve("pass.o").toString();
        Files.writeString(
                source, "__attribute__((section(\"xdp\"), used)) int pass(void *c) { return 2; }");
        Bpffs.run("clang", "-target", "bpf", "-O2", "-c", source.toString(), "-o", object);
        neighbour.run("ip", "link", "set", neighbour.far(), "xdp", "obj", object, "sec", "xdp");
    }

    @AfterEach
    void clean() {
        loaded.dataplane.detach();
        loaded.close();
        neighbour.close();
        bpffs.close();
    }

    @Test
    void a_denied_ipv4_client_is_refused_at_once() throws Exception {
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));

        assertRefusedAtOnce(Neighbour.HERE4);
    }

    @Test
    void a_denied_ipv6_client_is_refused_at_once() throws Exception {
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));

        assertRefusedAtOnce(Neighbour.HERE6);
    }

    private void assertRefusedAtOnce(String server) throws Exception {
        try (ServerSocket listening = new ServerSocket(9200, 1, InetAddress.getByName(server))) {
            String[] words = neighbour.run("python3", client(), server, "1").strip().split(" ");

            assertThat(words[0]).isEqualTo("ECONNREFUSED");
            // The first repetition of a SYN would come after a second.
            assertThat(Integer.parseInt(words[1])).isLessThan(900);
            assertThat(loaded.dataplane.reports().resetsSent()).isEqualTo(1);
            assertThat(listening.getLocalPort()).isEqualTo(9200);
        }
    }

    @Test
    void a_connection_that_is_denied_later_is_reset_when_the_client_sends() throws Exception {
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "198.18.77.0/24")));
        try (ServerSocket listening =
                new ServerSocket(9200, 1, InetAddress.getByName(Neighbour.HERE4))) {
            Process client = neighbour.start("python3", client(), Neighbour.HERE4, "100000");
            assertThat(client.inputReader(StandardCharsets.UTF_8).readLine())
                    .isEqualTo("CONNECTED");

            loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));
            client.getOutputStream().write('\n');
            client.getOutputStream().flush();

            String[] words = client.inputReader(StandardCharsets.UTF_8).readLine().split(" ");
            assertThat(words[0]).isEqualTo("ECONNRESET");
            assertThat(Integer.parseInt(words[1])).isLessThan(900);
            assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(listening.isClosed()).isFalse();
        }
    }

    private String client() {
        return directory.resolve("client.py").toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.XdpMode;
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

    private static final String SERVER4 = "198.18.77.1";
    private static final String SERVER6 = "fd77:7c::1";

    @TempDir private Path directory;

    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final String near = veths.names().get(0);
    private final String far = near.substring(0, near.length() - 1) + "b";
    private final String namespace = near + "n";
    private BpfLink receiving;
    private LoadedDataplane loaded;

    @BeforeEach
    void connect() throws IOException {
        receiving = receiveAnswers();
        Bpffs.run("ip", "netns", "add", namespace);
        Bpffs.run("ip", "link", "set", far, "netns", namespace);
        Bpffs.run("ip", "address", "add", SERVER4 + "/30", "dev", near);
        Bpffs.run("ip", "address", "add", SERVER6 + "/64", "dev", near, "nodad");
        inside("ip", "link", "set", far, "up");
        inside("ip", "address", "add", "198.18.77.2/30", "dev", far);
        inside("ip", "address", "add", "fd77:7c::2/64", "dev", far, "nodad");
        loaded = new LoadedDataplane(bpffs, Limits.DEFAULT, List.of(near), DecisionIds.none());
        Files.writeString(directory.resolve("client.py"), CLIENT);
    }

    /** A veth only takes what XDP sends back if its own end has a program, too. */
    private BpfLink receiveAnswers() throws IOException {
        Path source = directory.resolve("pass.c");
        Path object = directory.resolve("pass.o");
        Files.writeString(
                source, "__attribute__((section(\"xdp\"), used)) int pass(void *c) { return 2; }");
        Bpffs.run(
                "clang", "-target", "bpf", "-O2", "-c", source.toString(), "-o", object.toString());
        try (BpfObject pass = Libbpf.get().open("pass", Files.readAllBytes(object))) {
            pass.load();
            try (BpfProgram program = pass.program("pass")) {
                int index = Libbpf.get().interfaceIndex(far).orElseThrow();
                return program.attachXdp(index, XdpMode.NATIVE);
            }
        }
    }

    private String inside(String... command) {
        String[] entering = new String[command.length + 2];
        entering[0] = "nsenter";
        entering[1] = "--net=/run/netns/" + namespace;
        System.arraycopy(command, 0, entering, 2, command.length);
        return Bpffs.run(entering);
    }

    @AfterEach
    void clean() {
        loaded.dataplane.detach();
        loaded.close();
        receiving.close();
        veths.close();
        Bpffs.run("ip", "netns", "del", namespace);
        bpffs.close();
    }

    @Test
    void a_denied_ipv4_client_is_refused_at_once() throws Exception {
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));

        assertRefusedAtOnce(SERVER4);
    }

    @Test
    void a_denied_ipv6_client_is_refused_at_once() throws Exception {
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));

        assertRefusedAtOnce(SERVER6);
    }

    private void assertRefusedAtOnce(String server) throws Exception {
        try (ServerSocket listening = new ServerSocket(9200, 1, InetAddress.getByName(server))) {
            String[] words = inside("python3", client(), server, "1").strip().split(" ");

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
        try (ServerSocket listening = new ServerSocket(9200, 1, InetAddress.getByName(SERVER4))) {
            Process client =
                    new ProcessBuilder(
                                    "nsenter",
                                    "--net=/run/netns/" + namespace,
                                    "python3",
                                    client(),
                                    SERVER4,
                                    "100000")
                            .start();
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

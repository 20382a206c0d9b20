// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** This host lets in nobody, and talks to a neighbour all the same. */
class ConversationTrafficTest {
    private static final int PORT = 7007;

    private static final String UDP_ECHO =
            """
            import socket, sys
            family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET
            server = socket.socket(family, socket.SOCK_DGRAM)
            server.bind((sys.argv[1], int(sys.argv[2])))
            print('ready')
            while True:
                data, client = server.recvfrom(65536)
                server.sendto(data, client)
            """;

    /** An echo request with a raw socket; prints whether it was answered within the time. */
    private static final String PING =
            """
            import select, socket, struct, sys
            six = ':' in sys.argv[1]
            family, protocol = (socket.AF_INET6, 58) if six else (socket.AF_INET, 1)
            ping = socket.socket(family, socket.SOCK_RAW, protocol)
            request = struct.pack('!BBHHH', 128 if six else 8, 0, 0, 0x1234, 1)
            sum = 0x0800 + 0x1234 + 1
            if not six:
                request = request[:2] + struct.pack('!H', 0xffff - sum) + request[4:]
            ping.connect((sys.argv[1], 0))
            ping.send(request)
            answered = False
            while not answered and select.select([ping], [], [], float(sys.argv[2]))[0]:
                data = ping.recv(2048)
                data = data if six else data[(data[0] & 15) * 4:]
                answered = data[0] == (129 if six else 0) and data[4:6] == request[4:6]
            print('answered' if answered else 'no answer')
            """;

    private static final String UDP_TALK =
            """
            import socket, sys
            client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            client.bind((sys.argv[1], int(sys.argv[2])))
            client.connect((sys.argv[3], int(sys.argv[4])))
            print('ready')
            for line in sys.stdin:
                client.send(line.encode())
            """;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour there = new Neighbour();
    private final List<Process> processes = new ArrayList<>();
    private LoadedDataplane loaded = open(false);

    private LoadedDataplane open(boolean clsact) {
        return new LoadedDataplane(
                bpffs, Limits.DEFAULT, List.of(there.near()), clsact, DecisionIds.none());
    }

    private void letInNobody() {
        loaded.commit(States.everything(States.ip("nobody", "203.0.113.0/24")));
    }

    private void letInTheNeighbour() {
        loaded.commit(States.everything(States.ip("neighbour", "198.18.77.0/24")));
    }

    private void serve(String program, String... arguments) throws IOException {
        processes.add(there.serve(program, arguments));
    }

    @AfterEach
    void clean() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
        }
        try {
            loaded.dataplane.detach();
        } finally {
            loaded.close();
            there.close();
            bpffs.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        Neighbour.THERE4 + ",false",
        Neighbour.THERE6 + ",false",
        Neighbour.THERE4 + ",true",
        Neighbour.THERE6 + ",true"
    })
    void a_connection_that_this_host_begins_carries_megabytes_both_ways(
            String server, boolean clsact) throws Exception {
        loaded.close();
        loaded = open(clsact);
        letInNobody();

        Traffic.assertEchoed(there.namespace(), server, 4 << 20);
        assertThat(loaded.counted(Direction.INGRESS, Reason.REPLY)).isGreaterThan(10);
    }

    @Test
    void the_neighbour_can_not_begin() throws Exception {
        letInNobody();

        try (ServerSocket listening =
                new ServerSocket(PORT, 1, InetAddress.getByName(Neighbour.HERE4))) {
            String said =
                    there.run(
                            "python3",
                            "-c",
                            """
                            import socket
                            try:
                                socket.create_connection(('198.18.77.1', 7007), 1)
                                print('connected')
                            except TimeoutError:
                                print('no answer')
                            """);
            assertThat(said.strip()).isEqualTo("no answer");
            assertThat(listening.isClosed()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({Neighbour.THERE4, Neighbour.THERE6})
    void datagrams_are_answered_in_one_piece_and_in_fragments(String server) throws Exception {
        letInNobody();
        serve(UDP_ECHO, server, "" + PORT);

        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(server, PORT));
            socket.setSoTimeout(5_000);
            for (int size : new int[] {10, 20_000}) {
                socket.send(new DatagramPacket(new byte[size], size));
                DatagramPacket answer = new DatagramPacket(new byte[65_536], 65_536);
                socket.receive(answer);
                assertThat(answer.getLength()).isEqualTo(size);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({Neighbour.THERE4, Neighbour.THERE6})
    void an_echo_is_answered(String address) {
        letInNobody();

        assertThat(Bpffs.run("python3", "-c", PING, address, "5").strip()).isEqualTo("answered");
    }

    @Test
    void the_neighbour_gets_no_echo() {
        letInNobody();

        assertThat(there.run("python3", "-c", PING, Neighbour.HERE4, "1").strip())
                .isEqualTo("no answer");
    }

    @Test
    void a_connection_that_this_host_began_before_goes_on() throws Exception {
        assertGoesOnWhenNobodyIsLetIn();
    }

    @Test
    void a_connection_that_this_host_began_while_all_was_open_goes_on() throws Exception {
        loaded.commit(States.everything());

        assertGoesOnWhenNobodyIsLetIn();
    }

    private void assertGoesOnWhenNobodyIsLetIn() throws IOException {
        serve(Traffic.ECHO, Neighbour.THERE4, "" + PORT);
        try (Socket socket = new Socket(Neighbour.THERE4, PORT)) {
            letInNobody();

            socket.getOutputStream().write(7);
            socket.setSoTimeout(5_000);
            assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
    }

    @Test
    void a_client_that_is_no_longer_let_in_is_cut_though_it_is_still_answered() throws Exception {
        letInTheNeighbour();
        try (DatagramSocket server =
                new DatagramSocket(PORT, InetAddress.getByName(Neighbour.HERE4))) {
            server.setSoTimeout(1_000);
            serve(UDP_TALK, Neighbour.THERE4, "5000", Neighbour.HERE4, "" + PORT);
            Process client = processes.get(0);
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            say(client);
            server.receive(packet);
            server.send(packet);

            letInNobody();
            server.send(packet);
            say(client);

            assertThatThrownBy(() -> server.receive(new DatagramPacket(new byte[100], 100)))
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    private static void say(Process client) throws IOException {
        client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }
}

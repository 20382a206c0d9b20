// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Enforcement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real connections of a balancer, to a server on this host. */
class ProxiedTrafficTest {
    private static final int PORT = 9200;
    private static final String FRIEND = "198.51.100.7";
    private static final String STRANGER = "203.0.113.5";

    /** Sends these bytes on a connection, and tells what comes back. */
    private static final String SEND =
            """
            import socket, sys
            peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
            peer.settimeout(float(sys.argv[4]))
            peer.sendall(bytes.fromhex(sys.argv[3]))
            try:
                print(peer.recv(100).decode())
            except OSError as e:
                print(type(e).__name__)
            """;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour balancer = new Neighbour();
    private LoadedDataplane loaded;

    @AfterEach
    void close() {
        loaded.dataplane.detach();
        loaded.close();
        balancer.close();
        bpffs.close();
    }

    @BeforeEach
    void open() {
        loaded =
                new LoadedDataplane(
                        bpffs, Limits.DEFAULT, List.of(balancer.near()), false, DecisionIds.none());
        loaded.commit(
                ProxiedHost.behindBalancers(
                        States.web(Enforcement.DROP, States.ip("friends", FRIEND + "/32")),
                        Neighbour.THERE4 + "/32",
                        Neighbour.THERE6 + "/128"));
    }

    private Process send(String here, String source, double seconds) {
        byte[] stream =
                ProxyHeaders.proxy()
                        .withAddresses(source, "198.51.100.1")
                        .bytesBefore("hello".getBytes(US_ASCII));
        return balancer.start(
                "python3",
                "-c",
                SEND,
                here,
                "" + PORT,
                HexFormat.of().formatHex(stream),
                "" + seconds);
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    }

    @Test
    void a_client_that_is_let_in_is_served_with_its_header_before_what_it_sends() throws Exception {
        for (String here : List.of(Neighbour.HERE4, Neighbour.HERE6)) {
            try (ServerSocket server = new ServerSocket(PORT, 5, InetAddress.getByName(here))) {
                Process client = send(here, FRIEND, 10);
                try (Socket peer = server.accept()) {
                    byte[] stream = peer.getInputStream().readNBytes(28 + 5);
                    peer.getOutputStream().write("welcome".getBytes(US_ASCII));

                    assertThat(new String(stream, 28, 5, US_ASCII)).isEqualTo("hello");
                    assertThat(said(client)).isEqualTo("welcome");
                }
            }
        }
    }

    @Test
    void the_server_of_a_denied_connection_is_told_and_the_balancer_waits() throws Exception {
        for (String here : List.of(Neighbour.HERE4, Neighbour.HERE6)) {
            try (ServerSocket server = new ServerSocket(PORT, 5, InetAddress.getByName(here))) {
                Process client = send(here, STRANGER, 1.5);
                try (Socket peer = server.accept()) {
                    peer.setSoTimeout(10_000);
                    assertThatThrownBy(() -> peer.getInputStream().read())
                            .isInstanceOf(SocketException.class)
                            .hasMessageContaining("reset");
                }
                assertThat(said(client)).isEqualTo("TimeoutError");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client whose every IPv6 packet has hop-by-hop and destination options. */
class ExtensionTrafficTest {
    private static final int PORT = 7010;
    private static final int BYTES = 1 << 20;

    /** Takes its own address, the server's and the port; sends so many bytes. */
    private static final String CLIENT =
            """
            import socket, sys
            mine, server, port, count = sys.argv[1:]
            client = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            padding = bytes([0, 0, 1, 4, 0, 0, 0, 0])
            client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_HOPOPTS, padding)
            client.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_DSTOPTS, padding)
            client.bind((mine, 0))
            client.settimeout(2)
            try:
                client.connect((server, int(port)))
            except TimeoutError:
                print('no answer')
                sys.exit()
            client.settimeout(20)
            client.sendall(bytes(int(count)))
            client.shutdown(socket.SHUT_WR)
            print(client.recv(100).decode())
            """;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour there = new Neighbour();
    private final LoadedDataplane loaded =
            new LoadedDataplane(
                    bpffs, Limits.DEFAULT, List.of(there.near()), false, DecisionIds.none());

    @AfterEach
    void clean() {
        try {
            loaded.dataplane.detach();
        } finally {
            loaded.close();
            there.close();
            bpffs.close();
        }
    }

    private String talk(ServerSocket server) {
        Traffic.inBackground(() -> {
            try (Socket client = server.accept()) {
                int count = client.getInputStream().readAllBytes().length;
                client.getOutputStream()
                        .write(("got " + count).getBytes(StandardCharsets.US_ASCII));
            }
        });
        return there.run(
                        "python3",
                        "-c",
                        CLIENT,
                        Neighbour.THERE6,
                        Neighbour.HERE6,
                        "" + PORT,
                        "" + BYTES)
                .strip();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(PORT, 1, InetAddress.getByName(Neighbour.HERE6));
    }

    @Test
    void one_that_is_let_in_is_served() throws IOException {
        loaded.commit(States.everything(States.ip("neighbour", "fd77:7c::/64")));

        try (ServerSocket server = listen()) {
            assertThat(talk(server)).isEqualTo("got " + BYTES);
        }
        assertThat(loaded.counted(Direction.INGRESS, Reason.POLICY_MATCH)).isGreaterThan(10);
    }

    @Test
    void one_that_is_not_let_in_gets_no_answer() throws IOException {
        loaded.commit(States.everything(States.ip("nobody", "2001:db8::/64")));

        try (ServerSocket server = listen()) {
            assertThat(talk(server)).isEqualTo("no answer");
        }
        assertThat(loaded.counted(Direction.INGRESS, Reason.NO_POLICY_MATCH)).isPositive();
        assertThat(loaded.counted(Direction.INGRESS, Reason.MALFORMED)).isZero();
    }
}

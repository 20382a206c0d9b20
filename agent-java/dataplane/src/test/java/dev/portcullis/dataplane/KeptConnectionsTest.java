// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of a balancer that were there when headers began to be asked for. */
class KeptConnectionsTest {
    private static final int PORT = 9200;

    /** Connects, and sends what it is told to a line at a time; then tells what came back. */
    private static final String TALK =
            """
            import socket, sys
            peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 10)
            peer.settimeout(1.5)
            print("ready", flush=True)
            for line in sys.stdin:
                try:
                    peer.sendall(line.encode())
                    print(peer.recv(100).decode().strip() or "end", flush=True)
                except TimeoutError:
                    print("nothing", flush=True)
            """;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour balancer = new Neighbour();
    private Echo server;
    private Dataplane dataplane;

    @BeforeEach
    void serve() throws IOException {
        server = new Echo();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        dataplane.detach();
        dataplane.close();
        balancer.close();
        bpffs.close();
    }

    private void open(Duration keepExisting) {
        dataplane = dataplane(keepExisting, DecisionIds.none());
    }

    private Dataplane dataplane(Duration keepExisting, DecisionIds decisions) {
        return Dataplane.open(
                Libbpf.get(),
                new Dataplane.Options(
                        bpffs.path(),
                        new InterfacePatterns(List.of(balancer.near())),
                        List.of(),
                        ProxiedHost.limits(4_096, keepExisting)),
                decisions);
    }

    private void commit(DesiredState state) {
        dataplane.commit(state, Environment.of(HostAddresses.of(List.of())));
    }

    /** Who has connected to the server. */
    private dev.portcullis.dataplane.Socket peer() {
        return SocketTables.read().stream()
                .filter(socket -> socket.localPort() == PORT && !socket.begunHere())
                .findFirst()
                .orElseThrow();
    }

    private BpfMap map(String name) {
        return Libbpf.get().pinnedMap(bpffs.path().resolve("objects/1/" + name)).orElseThrow();
    }

    private static DesiredState open() {
        return States.web(Enforcement.DROP);
    }

    /** One that lets in whom nobody's header names. */
    private static DesiredState closed() {
        return ProxiedHost.behindBalancers(
                States.web(Enforcement.DROP, States.ip("friends", "198.51.100.7/32")),
                Neighbour.THERE4 + "/32");
    }

    /** Answers what comes, on one connection, until the server is closed. */
    private static final class Echo {
        private final ServerSocket server;
        private final Thread thread = new Thread(this::run);
        private volatile Socket peer;

        Echo() throws IOException {
            server = new ServerSocket(PORT, 5, InetAddress.getByName(Neighbour.HERE4));
            thread.start();
        }

        private void run() {
            try {
                peer = server.accept();
                peer.getInputStream().transferTo(peer.getOutputStream());
            } catch (IOException e) {
                // It was closed.
            }
        }

        /** What was denied of a connection leaves it waiting, so it is closed from here. */
        void close() throws IOException, InterruptedException {
            server.close();
            if (peer != null) {
                peer.close();
            }
            thread.join();
        }
    }

    private static void end(Process talk) throws InterruptedException {
        talk.destroy();
        talk.waitFor();
    }

    private String say(Process talk, String line) throws IOException {
        talk.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        talk.getOutputStream().flush();
        return talk.inputReader(StandardCharsets.UTF_8).readLine();
    }

    private long counted(Reason reason) {
        return dataplane.counters().stream()
                .filter(c -> c.decision().direction() == Direction.INGRESS)
                .filter(c -> c.decision().reason() == reason)
                .mapToLong(Counter::packets)
                .sum();
    }

    @Test
    void one_that_was_there_goes_on_and_a_new_one_needs_a_header() throws Exception {
        open(Duration.ofHours(1));
        commit(open());
        Process talk = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);
        assertThat(say(talk, "before")).isEqualTo("before");

        commit(closed());

        assertThat(say(talk, "after")).isEqualTo("after");
        assertThat(counted(Reason.PROXY_KEPT)).isPositive();
        Process late = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);
        assertThat(say(late, "no header")).isEqualTo("nothing");
        assertThat(counted(Reason.PROXY_HEADER)).isPositive();
        end(late);
        end(talk);
    }

    @Test
    void one_that_was_there_is_cut_after_the_time_or_at_once() throws Exception {
        open(Duration.ZERO);
        commit(open());
        Process talk = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);
        assertThat(say(talk, "before")).isEqualTo("before");

        commit(closed());

        assertThat(say(talk, "after")).isEqualTo("nothing");
        assertThat(counted(Reason.PROXY_HEADER)).isPositive();
        end(talk);
    }

    @Test
    void one_that_was_there_when_its_interface_began_to_be_guarded_goes_on_for_the_time()
            throws Exception {
        open(Duration.ofSeconds(3));
        Process talk = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);

        commit(closed());

        assertThat(say(talk, "after")).isEqualTo("after");
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (say(talk, "still").equals("still")) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(100);
        }
        assertThat(counted(Reason.PROXY_HEADER)).isPositive();
        end(talk);
    }

    @Test
    void one_that_began_while_a_rule_set_waited_for_confirmation_goes_on_when_it_is_taken_back()
            throws Exception {
        open(Duration.ofHours(1));
        commit(closed());
        Dataplane.Plan plan = dataplane.plan(open(), Environment.of(HostAddresses.of(List.of())));
        Deadline deadline = Deadline.in(Duration.ofHours(1));
        dataplane.commit(plan, new CommitTerms(Optional.of(deadline), List.of()));
        Process talk = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);
        assertThat(say(talk, "before")).isEqualTo("before");

        dataplane.revert(closed());

        assertThat(say(talk, "after")).isEqualTo("after");
        assertThat(counted(Reason.PROXY_KEPT)).isPositive();
        end(talk);
    }

    @Test
    void one_that_is_not_known_though_headers_were_asked_for_is_not_let_go_on_by_the_next_agent()
            throws Exception {
        open(Duration.ofHours(1));
        commit(closed());
        Process talk = balancer.serve(TALK, Neighbour.HERE4, "" + PORT);
        try (BpfMap opening = map("opening")) {
            opening.delete(Conversations.key(peer()));
        }

        Dataplane before = dataplane;
        dataplane = dataplane(Duration.ofHours(1), before.decisions());
        commit(closed());
        before.close();

        assertThat(say(talk, "after")).isEqualTo("nothing");
        assertThat(counted(Reason.PROXY_HEADER)).isPositive();
        end(talk);
    }
}

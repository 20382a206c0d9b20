// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Questions to the kernel, and what it tells by itself. */
public abstract class RouteSocketContract extends Contract {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration NOW = Duration.ZERO;
    private static final int HEADER = 16;
    private static final short NEW_LINK = 16;
    private static final short GET_LINK = 18;
    private static final short NEW_ADDRESS = 20;
    private static final short REQUEST = 1;
    private static final short ERROR = 2;
    private static final int MORE_THAN_FIT = 5000;

    /** A question about interfaces: struct nlmsghdr and struct ifinfomsg. */
    private static ByteBuffer question(short flags, int sequence, int index) {
        return room(32).putInt(0, 32)
                .putShort(4, GET_LINK)
                .putShort(6, flags)
                .putInt(8, sequence)
                .putInt(20, index);
    }

    @Test
    void the_kernel_answers_a_question_about_loopback() {
        try (RouteSocket socket = RouteSocket.open(libbpf)) {
            ByteBuffer answer = room(32_768);

            socket.send(question(REQUEST, 7, 1));

            assertThat(socket.await(SOON)).isTrue();
            int length = socket.receive(answer);
            assertThat(answer.getShort(4)).isEqualTo(NEW_LINK);
            assertThat(answer.getInt(8)).isEqualTo(7);
            assertThat(answer.getInt(HEADER + 4)).isEqualTo(1);
            assertThat(length).isEqualTo(answer.getInt(0));
        }
    }

    @Test
    void a_datagram_goes_where_the_buffer_stands() {
        try (RouteSocket socket = RouteSocket.open(libbpf)) {
            ByteBuffer answer = room(32_768).position(100);

            socket.send(question(REQUEST, 7, 1));

            assertThat(socket.await(SOON)).isTrue();
            assertThat(socket.receive(answer)).isEqualTo(answer.getInt(100)).isPositive();
            assertThat(answer.position()).isEqualTo(100);
        }
    }

    @Test
    void a_question_about_nothing_is_answered_with_an_error() {
        try (RouteSocket socket = RouteSocket.open(libbpf)) {
            ByteBuffer answer = room(4096);

            socket.send(question(REQUEST, 8, Integer.MAX_VALUE));

            assertThat(socket.await(SOON)).isTrue();
            assertThat(socket.receive(answer)).isPositive();
            assertThat(answer.getShort(4)).isEqualTo(ERROR);
            assertThat(answer.getInt(HEADER)).isEqualTo(-Errno.ENODEV.number());
        }
    }

    @Test
    void without_a_question_and_without_groups_there_is_silence() {
        try (RouteSocket socket = RouteSocket.open(libbpf);
                VethPair veth = VethPair.create()) {
            assertThat(veth.ifindex()).isPositive();
            assertThat(socket.await(NOW)).isFalse();
            assertThat(socket.receive(room(4096))).isZero();
        }
    }

    @Test
    void an_interface_that_appears_is_told_of() {
        try (RouteSocket socket = RouteSocket.open(libbpf, RouteSocket.Group.INTERFACES);
                VethPair veth = VethPair.create()) {
            int index = veth.ifindex();

            assertThat(hears(socket, NEW_LINK, index)).isTrue();
        }
    }

    @Test
    void an_address_that_appears_is_told_of() {
        try (RouteSocket socket = RouteSocket.open(libbpf, RouteSocket.Group.IPV4_ADDRESSES);
                VethPair veth = VethPair.create()) {
            int index = veth.ifindex();

            assertThat(hears(socket, NEW_ADDRESS, index)).isTrue();
        }
    }

    /** Whether there is a message of a type about an interface among those that come. */
    private static boolean hears(RouteSocket socket, short type, int index) {
        ByteBuffer told = room(32_768);
        while (socket.await(SOON)) {
            while (socket.receive(told) > 0) {
                if (told.getShort(4) == type && told.getInt(HEADER + 4) == index) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void what_was_lost_for_want_of_room_is_an_error_after_which_receiving_goes_on() {
        try (RouteSocket socket = RouteSocket.open(libbpf)) {
            // Answers that nobody reads fill the socket.
            for (int sequence = 0; sequence < MORE_THAN_FIT; sequence++) {
                socket.send(question(REQUEST, sequence, 1));
            }

            assertThatThrownBy(() -> count(socket))
                    .isInstanceOf(BpfException.class)
                    .hasMessage(
                            "receive from the netlink socket: no buffer space available (ENOBUFS)");
            assertThat(count(socket)).isBetween(1, MORE_THAN_FIT - 1);
            socket.send(question(REQUEST, 9, 1));
            assertThat(socket.await(SOON)).isTrue();
            assertThat(count(socket)).isEqualTo(1);
        }
    }

    /** Receives all that is there. */
    private static int count(RouteSocket socket) {
        int received = 0;
        while (socket.receive(room(4096)) > 0) {
            received++;
        }
        return received;
    }

    @Test
    void a_closed_socket_leaves_no_descriptor_and_says_so() throws IOException {
        RouteSocket socket = RouteSocket.open(libbpf);
        long before = netlinkSockets();

        socket.close();
        socket.close();

        assertThat(netlinkSockets()).isEqualTo(before - 1);
        assertThatThrownBy(() -> socket.receive(room(4096)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the netlink socket is closed");
    }

    /** Open sockets of this process. */
    private static long netlinkSockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(RouteSocketContract::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // That of the directory being listed is closed by now.
            return false;
        }
    }
}

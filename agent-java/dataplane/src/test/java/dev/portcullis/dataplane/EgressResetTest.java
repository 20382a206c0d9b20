// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.TC_REDIRECT;
import static dev.portcullis.dataplane.LoadedDataplane.TC_SHOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.Enforcement;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process of this host that may not reach its peer is told so at once. */
class EgressResetTest {
    private static final int PORT = 7009;

    /** The first repetition of a SYN would come after a second. */
    private static final int AT_ONCE_MILLIS = 900;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour there = new Neighbour();
    private LoadedDataplane loaded = open(Limits.DEFAULT, false);

    private LoadedDataplane open(Limits limits, boolean clsact) {
        return new LoadedDataplane(
                bpffs, limits, List.of(there.near()), clsact, DecisionIds.none());
    }

    private void reopen(Limits limits, boolean clsact) {
        loaded.close();
        loaded = open(limits, clsact);
    }

    private void letOutNothing() {
        loaded.commit(States.everything(Enforcement.RESET, States.out("none", "203.0.113.0/24")));
    }

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

    private static void connect(String server, int millis) throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server, PORT), millis);
        }
    }

    @ParameterizedTest
    @CsvSource({
        Neighbour.THERE4 + ",false",
        Neighbour.THERE6 + ",false",
        Neighbour.THERE4 + ",true",
        Neighbour.THERE6 + ",true"
    })
    void a_connection_that_may_not_leave_is_refused_at_once(String server, boolean clsact)
            throws Exception {
        reopen(Limits.DEFAULT, clsact);
        letOutNothing();

        assertThatThrownBy(() -> connect(server, AT_ONCE_MILLIS))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused");

        assertThat(loaded.dataplane.reports().resetsSent()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {Neighbour.THERE4, Neighbour.THERE6})
    void a_connection_that_may_no_longer_leave_is_reset_when_its_process_sends(String server)
            throws Exception {
        Process echo = there.serve(Traffic.ECHO, server, "" + PORT);
        try (Socket socket = new Socket(server, PORT)) {
            socket.setSoTimeout(5_000);
            letOutNothing();

            // More than a segment holds, so that the kernel cuts it only after it was judged.
            socket.getOutputStream().write(new byte[20_000]);

            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        } finally {
            echo.destroyForcibly();
            echo.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void over_the_limit_it_is_only_dropped() {
        reopen(new Limits(1_000, 128, 10, 0, 10), false);
        letOutNothing();

        assertThatThrownBy(() -> connect(Neighbour.THERE4, AT_ONCE_MILLIS))
                .isInstanceOf(SocketTimeoutException.class);

        assertThat(loaded.dataplane.reports().resetsSent()).isZero();
        assertThat(loaded.dataplane.reports().resetsLimited()).isPositive();
    }

    @Test
    void the_answer_comes_from_the_other_side() {
        letOutNothing();
        Segment denied = Segment.of("10.0.0.1", "198.51.100.7", Segment.SYN, 99, 0);

        TestRun run = leave(denied);

        assertThat(run.result()).isEqualTo(TC_REDIRECT);
        Segment answer = Segment.read(run.output().order(ByteOrder.BIG_ENDIAN));
        assertThat(answer.source()).isEqualTo(denied.destination());
        assertThat(answer.destination()).isEqualTo(denied.source());
        assertThat(answer.sourcePort()).isEqualTo(denied.destinationPort());
        assertThat(answer.destinationPort()).isEqualTo(denied.sourcePort());
        assertThat(answer.flags()).isEqualTo(Segment.RST | Segment.ACK);
        assertThat(answer.acknowledgement()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,198.51.100.7", "fd00::1,2001:db8::7"})
    void a_segment_with_tags_tcp_options_and_data_is_answered_too(String from, String to) {
        letOutNothing();
        Segment denied =
                Segment.of(from, to, Segment.PSH | Segment.ACK, 99, 7)
                        .with(0, 20, 300)
                        .withTags(0x88a8_0005, 0x8100_602a);

        TestRun run = leave(denied);

        assertThat(run.result()).isEqualTo(TC_REDIRECT);
        Segment answer = Segment.read(run.output().order(ByteOrder.BIG_ENDIAN));
        assertThat(answer.tags()).isEqualTo(denied.tags());
        assertThat(answer.flags()).isEqualTo(Segment.RST);
        assertThat(answer.sequence()).isEqualTo(7);
    }

    /** The kernel would throw the answer away. */
    @ParameterizedTest
    @CsvSource({"10.0.0.1,198.51.100.7", "fd00::1,2001:db8::7"})
    void one_with_ip_options_or_extension_headers_is_only_dropped(String from, String to) {
        letOutNothing();

        TestRun run = leave(Segment.of(from, to, Segment.SYN, 99, 0).with(24, 0, 0));

        assertThat(run.result()).isEqualTo(TC_SHOT);
        assertThat(loaded.dataplane.reports().resetsSent()).isZero();
    }

    @Test
    void a_reset_is_not_answered() {
        letOutNothing();

        assertThat(leave(Segment.of("10.0.0.1", "198.51.100.7", Segment.RST, 99, 0)).result())
                .isEqualTo(TC_SHOT);
    }

    private TestRun leave(Segment segment) {
        return loaded.dataplane
                .egressProgram()
                .testRun(TestRunOptions.of(segment.frame()).withOutputCapacity(4_096));
    }
}

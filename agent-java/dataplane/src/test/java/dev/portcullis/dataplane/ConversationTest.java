// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.TC_UNSPEC;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static dev.portcullis.dataplane.Segment.ACK;
import static dev.portcullis.dataplane.Segment.FIN;
import static dev.portcullis.dataplane.Segment.RST;
import static dev.portcullis.dataplane.Segment.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Segments of a conversation, run through the loaded programs as if this host, 10.0.0.1 or fd00::1,
 * which lets nobody in, had sent and got them.
 */
class ConversationTest {
    private static final int HERE = 9200;
    private static final int THERE = 40_000;

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded;

    @BeforeEach
    void protect() {
        open(Limits.DEFAULT);
    }

    private void open(Limits limits) {
        if (loaded != null) {
            loaded.close();
        }
        loaded = new LoadedDataplane(bpffs, limits);
        loaded.commit(States.everything(States.ip("nobody", "203.0.113.7/32")));
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    private void out(int flags, int sequence, int acknowledgement) {
        assertThat(loaded.send(sent("10.0.0.1", "198.51.100.7", flags, sequence, acknowledgement)))
                .isEqualTo(TC_UNSPEC);
    }

    private static ByteBuffer sent(
            String from, String to, int flags, int sequence, int acknowledgement) {
        return Segment.of(from, to, flags, sequence, acknowledgement)
                .withPorts(HERE, THERE)
                .frame();
    }

    private int in(int flags, int sequence, int acknowledgement) {
        return loaded.verdict(
                Segment.of("198.51.100.7", "10.0.0.1", flags, sequence, acknowledgement));
    }

    private void establish() {
        out(SYN, 1000, 0);
        assertThat(in(SYN | ACK, 5000, 1001)).isEqualTo(XDP_PASS);
        out(ACK, 1001, 5001);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,198.51.100.7", "fd00::1,2001:db8::7"})
    void the_answer_to_what_this_host_began_passes(String here, String there) {
        loaded.send(sent(here, there, SYN, 1000, 0));

        int answer = loaded.verdict(Segment.of(there, here, SYN | ACK, 5000, 1001));

        assertThat(answer).isEqualTo(XDP_PASS);
        assertThat(loaded.counted(Direction.INGRESS, Reason.REPLY)).isEqualTo(1);
    }

    @Test
    void who_was_not_asked_is_denied() {
        out(SYN, 1000, 0);

        assertThat(loaded.verdict(Segment.of("198.51.100.8", "10.0.0.1", ACK, 1, 1)))
                .isEqualTo(XDP_DROP);
        Segment otherPort = Segment.of("198.51.100.7", "10.0.0.1", ACK, 1, 1).withPorts(THERE, 22);
        assertThat(loaded.verdict(otherPort)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_segment_that_does_not_begin_begins_nothing() {
        out(ACK, 1000, 1);

        assertThat(in(ACK, 1, 1000)).isEqualTo(XDP_DROP);
    }

    @Test
    void an_answer_to_a_client_that_was_let_in_begins_nothing() {
        out(SYN | ACK, 1000, 1);

        assertThat(in(ACK, 1, 1001)).isEqualTo(XDP_DROP);
    }

    @Test
    void the_other_side_can_not_begin_anew_with_the_same_ports() {
        establish();

        assertThat(in(SYN, 7000, 0)).isEqualTo(XDP_DROP);
        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_PASS);
    }

    @Test
    void two_that_begin_at_once_hear_each_other() {
        out(SYN, 1000, 0);

        assertThat(in(SYN, 5000, 0)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_reset_whose_sequence_is_guessed_ends_nothing() throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_CLOSED, Duration.ZERO)));
        establish();

        in(RST, 9999, 0);
        in(RST | ACK, 5002, 1001);
        pause();

        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_reset_that_stands_where_this_host_has_read_to_ends_it() throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_CLOSED, Duration.ZERO)));
        establish();

        assertThat(in(RST, 5001, 0)).isEqualTo(XDP_PASS);
        pause();

        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_reset_that_this_host_sends_ends_it() throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_CLOSED, Duration.ZERO)));
        establish();

        out(RST, 1001, 0);
        pause();

        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_fin_that_was_never_taken_ends_nothing() throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_CLOSING, Duration.ZERO)));
        establish();

        in(FIN | ACK, 8888, 1001);
        out(ACK, 1001, 5001);
        pause();

        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_fin_that_this_host_has_taken_shortens_it() throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_CLOSING, Duration.ZERO)));
        establish();

        in(FIN | ACK, 5001, 1001);
        out(ACK, 1001, 5002);
        pause();

        assertThat(in(ACK, 5002, 1001)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_new_connection_with_the_ports_of_one_that_has_ended_is_a_new_conversation() {
        establish();
        out(FIN | ACK, 1001, 5001);
        in(FIN | ACK, 5001, 1002);
        out(ACK, 1002, 5002);

        out(SYN, 90_000, 0);

        assertThat(in(SYN | ACK, 70_000, 90_001)).isEqualTo(XDP_PASS);
    }

    @Test
    void one_that_only_this_host_has_spoken_in_is_known_for_less_long()
            throws InterruptedException {
        open(timeouts(Map.of(ConversationTimeout.TCP_OPENING, Duration.ZERO)));
        out(SYN, 1000, 0);
        pause();

        assertThat(in(SYN | ACK, 5000, 1001)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_scan_by_this_host_and_a_flood_do_not_push_out_what_both_sides_have_spoken_in() {
        open(new Limits(1_000, 128, 10, 10, 10, new ConversationLimits(1_024, Map.of())));
        establish();

        for (int i = 0; i < 20_000; i++) {
            String there = "198.18." + (i >> 8) + "." + (i & 0xff);
            loaded.send(sent("10.0.0.1", there, SYN, 1, 0));
            loaded.verdict(Segment.of(there, "10.0.0.1", SYN, 1, 0).withPorts(i, HERE));
        }

        assertThat(in(ACK, 5001, 1001)).isEqualTo(XDP_PASS);
    }

    /** The coarsest step of the kernel's clock for conversations is a little over a second. */
    private static Limits timeouts(Map<ConversationTimeout, Duration> timeouts) {
        return new Limits(1_000, 128, 10, 10, 10, new ConversationLimits(65_536, timeouts));
    }

    /** Two steps of that clock: what has a timeout of nothing is gone then. */
    private static void pause() throws InterruptedException {
        long until = (System.nanoTime() >> KernelLayout.TIME_SHIFT) + 3;
        while (System.nanoTime() >> KernelLayout.TIME_SHIFT < until) {
            Thread.sleep(20);
        }
    }
}

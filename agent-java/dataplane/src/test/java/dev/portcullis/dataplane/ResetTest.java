// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_TX;
import static dev.portcullis.dataplane.Segment.ACK;
import static dev.portcullis.dataplane.Segment.FIN;
import static dev.portcullis.dataplane.Segment.PSH;
import static dev.portcullis.dataplane.Segment.RST;
import static dev.portcullis.dataplane.Segment.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Frames that the program makes of denied TCP segments. */
class ResetTest {
    private static final String CLIENT4 = "198.51.100.7";
    private static final String SERVER4 = "10.0.0.1";
    private static final String CLIENT6 = "2001:db8:9::7";
    private static final String SERVER6 = "fd00::1";

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded;

    @BeforeEach
    void guard() {
        open(Limits.DEFAULT);
    }

    private void open(Limits limits) {
        loaded = new LoadedDataplane(bpffs, limits);
        loaded.commit(States.web(Enforcement.RESET, States.ip("office", "203.0.113.0/24")));
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    @Test
    void a_syn_is_answered_with_its_sequence_number_and_one_acknowledged() {
        Segment answer = answer(Segment.of(CLIENT4, SERVER4, SYN, 0x7fff_fff0, 0));

        assertThat(answer.flags()).isEqualTo(RST | ACK);
        assertThat(answer.sequence()).isZero();
        assertThat(answer.acknowledgement()).isEqualTo(0x7fff_fff1);
    }

    @Test
    void a_segment_without_ack_is_answered_with_all_that_it_takes_acknowledged() {
        Segment answer = answer(Segment.of(CLIENT4, SERVER4, SYN | FIN, -100, 0).with(0, 12, 300));

        assertThat(answer.flags()).isEqualTo(RST | ACK);
        assertThat(answer.sequence()).isZero();
        assertThat(answer.acknowledgement()).isEqualTo(-100 + 302);
    }

    @Test
    void a_segment_with_ack_is_answered_at_the_place_that_it_acknowledges() {
        Segment answer = answer(Segment.of(CLIENT4, SERVER4, PSH | ACK, 5, -7).with(0, 12, 99));

        assertThat(answer.flags()).isEqualTo(RST);
        assertThat(answer.sequence()).isEqualTo(-7);
        assertThat(answer.acknowledgement()).isZero();
    }

    @Test
    void an_ipv4_answer_goes_back_from_where_the_segment_went_without_options_or_data() {
        Segment denied = Segment.of(CLIENT4, SERVER4, PSH | ACK, 5, 6).with(40, 40, 1000);

        ByteBuffer frame = frame(denied);

        assertThat(Segment.read(frame)).isEqualTo(answerTo(denied, RST, 6, 0));
        assertThat(frame.limit()).isEqualTo(60);
        assertStationsSwapped(frame);
    }

    @Test
    void an_ipv6_answer_goes_back_without_extension_headers() {
        Segment denied = Segment.of(CLIENT6, SERVER6, SYN, 5, 0).with(24, 20, 0);

        ByteBuffer frame = frame(denied);

        assertThat(Segment.read(frame)).isEqualTo(answerTo(denied, RST | ACK, 0, 6));
        assertThat(frame.limit()).isEqualTo(14 + 40 + 20);
        assertStationsSwapped(frame);
    }

    @Test
    void an_answer_keeps_a_vlan_tag() {
        Segment denied = Segment.of(CLIENT4, SERVER4, SYN, 5, 0).withTags(0x8100_602a);

        assertThat(answer(denied)).isEqualTo(answerTo(denied, RST | ACK, 0, 6));
    }

    @Test
    void an_answer_keeps_two_vlan_tags_in_ipv4() {
        Segment denied =
                Segment.of(CLIENT4, SERVER4, SYN, 5, 0)
                        .withTags(0x88a8_0000, 0x8100_0fff)
                        .with(8, 4, 100);

        assertThat(answer(denied)).isEqualTo(answerTo(denied, RST | ACK, 0, 106));
    }

    @Test
    void an_answer_keeps_two_vlan_tags_in_ipv6() {
        Segment denied =
                Segment.of(CLIENT6, SERVER6, ACK, 5, 77)
                        .withTags(0x88a8_0007, 0x88a8_0008)
                        .with(8, 0, 100);

        ByteBuffer frame = frame(denied);

        assertThat(Segment.read(frame)).isEqualTo(answerTo(denied, RST, 77, 0));
        assertThat(frame.limit()).isEqualTo(14 + 8 + 40 + 20);
    }

    @Test
    void a_frame_of_several_buffers_is_cut_to_its_answer() {
        Segment denied = Segment.of(CLIENT6, SERVER6, ACK | PSH, 5, 77).with(0, 12, 20_000);

        ByteBuffer frame = frame(denied);

        assertThat(Segment.read(frame)).isEqualTo(answerTo(denied, RST, 77, 0));
        assertThat(frame.limit()).isEqualTo(14 + 40 + 20);
    }

    @Test
    void a_short_frame_is_not_made_longer() {
        Segment denied = Segment.of(CLIENT4, SERVER4, SYN, 5, 0);

        assertThat(frame(denied).limit()).isEqualTo(denied.frame().limit());
    }

    @Test
    void the_padding_of_a_short_frame_is_cleared() {
        Segment denied = Segment.of(CLIENT4, SERVER4, SYN, 5, 0);
        ByteBuffer padded = ByteBuffer.allocateDirect(60).put(denied.frame());
        padded.putInt(0x5ec1_2e75).putShort((short) 1).flip();

        TestRun run = loaded.run(padded);

        assertThat(run.result()).isEqualTo(XDP_TX);
        assertThat(Segment.read(ordered(run))).isEqualTo(answerTo(denied, RST | ACK, 0, 6));
    }

    @Test
    void an_allowed_segment_passes_unchanged() {
        Segment allowed = Segment.of("203.0.113.7", SERVER4, SYN, 5, 0).with(4, 12, 8);

        TestRun run = loaded.run(allowed.frame());

        assertThat(run.result()).isEqualTo(XDP_PASS);
        assertThat(ordered(run)).isEqualTo(allowed.frame());
    }

    @Test
    void a_reset_is_not_answered() {
        assertThat(loaded.verdict(Segment.of(CLIENT4, SERVER4, RST, 1, 0))).isEqualTo(XDP_DROP);
        assertThat(loaded.verdict(Segment.of(CLIENT6, SERVER6, RST | ACK, 1, 2)))
                .isEqualTo(XDP_DROP);
    }

    @Test
    void a_frame_to_a_group_of_stations_is_not_answered() {
        ByteBuffer frame = Segment.of(CLIENT4, SERVER4, SYN, 1, 0).frame();
        frame.put(0, (byte) 0xff);

        assertThat(loaded.run(frame).result()).isEqualTo(XDP_DROP);
    }

    @Test
    void addresses_that_no_one_host_has_are_not_answered() {
        List<Segment> segments =
                List.of(
                        Segment.of(CLIENT4, "224.0.0.1", SYN, 1, 0),
                        Segment.of(CLIENT4, "255.255.255.255", SYN, 1, 0),
                        Segment.of("224.0.0.1", SERVER4, SYN, 1, 0),
                        Segment.of("255.255.255.255", SERVER4, SYN, 1, 0),
                        Segment.of("0.0.0.0", SERVER4, SYN, 1, 0),
                        Segment.of("127.0.0.1", SERVER4, SYN, 1, 0),
                        Segment.of(CLIENT6, "ff02::1", SYN, 1, 0),
                        Segment.of("ff02::1", SERVER6, SYN, 1, 0),
                        Segment.of("::", SERVER6, SYN, 1, 0),
                        Segment.of("::1", SERVER6, SYN, 1, 0));

        assertThat(segments).allMatch(segment -> loaded.verdict(segment) == XDP_DROP);
        assertThat(loaded.dataplane.reports().resetsSent()).isZero();
    }

    @Test
    void a_first_fragment_is_not_answered() {
        ByteBuffer frame = Segment.of(CLIENT4, SERVER4, SYN, 1, 0).frame();
        frame.putShort(14 + 6, (short) 0x2000);

        assertThat(loaded.run(frame).result()).isEqualTo(XDP_DROP);
    }

    @Test
    void a_segment_whose_header_is_cut_short_is_not_answered() {
        ByteBuffer frame = Segment.of(CLIENT4, SERVER4, SYN, 1, 0).frame();
        frame.put(14 + 20 + 12, (byte) 0xf0);

        assertThat(loaded.run(frame).result()).isEqualTo(XDP_DROP);
    }

    @Test
    void an_answered_segment_is_counted_as_denied() {
        answer(Segment.of(CLIENT4, SERVER4, SYN, 5, 0));

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .singleElement()
                .satisfies(counter -> {
                    Decision decision = counter.decision();
                    assertThat(decision.reason()).isEqualTo(Reason.NO_POLICY_MATCH);
                    assertThat(counter.packets()).isEqualTo(1);
                });
        assertThat(loaded.dataplane.reports().resetsSent()).isEqualTo(1);
        assertThat(loaded.dataplane.reports().reported()).isEqualTo(1);
    }

    @Test
    void over_the_rate_limit_segments_are_only_dropped() {
        loaded.close();
        bpffs.close();
        int cpus = Libbpf.get().possibleCpus();
        open(new Limits(1_000, 64, 10, 5 * cpus, 10));
        Segment denied = Segment.of(CLIENT4, SERVER4, SYN, 5, 0);

        List<Integer> verdicts =
                IntStream.range(0, 1_000).mapToObj(i -> loaded.verdict(denied)).toList();

        ReportTotals totals = loaded.dataplane.reports();
        assertThat(verdicts).containsOnly(XDP_TX, XDP_DROP);
        assertThat(totals.resetsSent()).isBetween(5L, 500L);
        assertThat(totals.resetsSent() + totals.resetsLimited()).isEqualTo(1_000);
    }

    /** What the program makes of a denied segment. */
    private ByteBuffer frame(Segment denied) {
        TestRun run = loaded.run(denied.frame());
        assertThat(run.result()).isEqualTo(XDP_TX);
        return ordered(run);
    }

    private Segment answer(Segment denied) {
        return Segment.read(frame(denied));
    }

    private static ByteBuffer ordered(TestRun run) {
        return run.output().order(ByteOrder.BIG_ENDIAN);
    }

    private static Segment answerTo(Segment denied, int flags, int sequence, int acknowledged) {
        Address server = denied.destination();
        Address client = denied.source();
        int service = denied.destinationPort();
        int origin = denied.sourcePort();
        return new Segment(
                denied.tags(),
                server,
                client,
                0,
                64,
                service,
                origin,
                sequence,
                acknowledged,
                flags,
                0,
                0);
    }

    private static void assertStationsSwapped(ByteBuffer frame) {
        byte[] stations = new byte[12];
        frame.get(0, stations);
        assertThat(stations).startsWith(Segment.CLIENT).endsWith(Segment.SERVER);
    }
}

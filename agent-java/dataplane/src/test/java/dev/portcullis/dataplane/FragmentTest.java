// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Reason;
import java.nio.ByteBuffer;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Later fragments, whose ports are unknown. */
class FragmentTest {
    private static final int FLAGS_AND_OFFSET = 14 + 6;

    /** Of each frame of {@link Segment}. */
    private static final int DATAGRAM = 0x1234;

    private static final String BLOCKED = "198.51.100.7";

    private final Bpffs bpffs = new Bpffs();
    private final LoadedDataplane loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    private int first(String source) {
        return run(source, 0x2000);
    }

    private int later(String source) {
        return run(source, 5);
    }

    private int run(String source, int flagsAndOffset) {
        ByteBuffer frame = Segment.of(source, "10.0.0.1", Segment.SYN, 1, 0).frame();
        frame.putShort(FLAGS_AND_OFFSET, (short) flagsAndOffset);
        return loaded.run(frame).result();
    }

    private Tuple[] counted() {
        return loaded.dataplane.counters().stream()
                .filter(counter -> counter.packets() > 0)
                .map(counter -> tuple(counter.decision(), counter.packets()))
                .toArray(Tuple[]::new);
    }

    private static Decision general(Reason reason, boolean audit) {
        return new Decision("", "", Direction.INGRESS, reason, audit);
    }

    @Test
    void one_whose_first_was_not_seen_is_dropped_where_a_port_is_protected() {
        loaded.commit(States.web(Enforcement.DROP, States.ip("office", "203.0.113.0/24")));

        assertThat(later("203.0.113.7")).isEqualTo(XDP_DROP);

        assertThat(counted()).containsExactly(tuple(general(Reason.FRAGMENT, false), 1L));
    }

    @Test
    void one_whose_first_was_not_seen_passes_in_audit_mode_as_a_denial_that_would_have_been() {
        loaded.commit(States.web(Enforcement.AUDIT, States.ip("office", "203.0.113.0/24")));

        assertThat(later("203.0.113.7")).isEqualTo(XDP_PASS);

        assertThat(counted()).containsExactly(tuple(general(Reason.FRAGMENT, true), 1L));
    }

    @Test
    void one_whose_first_was_not_seen_passes_where_only_a_blocklist_could_deny() {
        loaded.commit(States.web(Enforcement.DROP, States.blocklist("threats", BLOCKED + "/32")));

        assertThat(later(BLOCKED)).isEqualTo(XDP_PASS);

        assertThat(counted()).containsExactly(tuple(general(Reason.OPEN, false), 1L));
    }

    @Test
    void one_whose_first_a_blocklist_denied_is_denied_by_it_too() {
        loaded.commit(States.web(Enforcement.DROP, States.blocklist("threats", BLOCKED + "/32")));

        assertThat(first(BLOCKED)).isEqualTo(XDP_DROP);
        assertThat(later(BLOCKED)).isEqualTo(XDP_DROP);

        assertThat(counted())
                .containsExactly(
                        tuple(
                                new Decision(
                                        "web",
                                        "threats",
                                        Direction.INGRESS,
                                        Reason.BLOCKLIST,
                                        false),
                                2L));
    }

    @Test
    void a_first_one_that_an_icmp_error_quotes_was_not_seen() {
        loaded.commit(States.everything(States.ip("office", "203.0.113.0/24")));
        byte[] quoted =
                Envelope.of("10.0.0.1", "203.0.113.7")
                        .fragment(DATAGRAM, 0, true)
                        .quoting(Layer.tcp(9200, 40_000, 0, 0));
        byte[] content = ByteBuffer.allocate(4 + quoted.length).put(4, quoted).array();
        byte[] error = Envelope.of(BLOCKED, "10.0.0.1").carrying(Layer.icmp(3, content));

        assertThat(loaded.run(ByteBuffer.wrap(error)).result()).isEqualTo(XDP_PASS);
        assertThat(later("203.0.113.7")).isEqualTo(XDP_DROP);

        assertThat(counted())
                .containsExactlyInAnyOrder(
                        tuple(general(Reason.RELATED, false), 1L),
                        tuple(general(Reason.FRAGMENT, false), 1L));
    }
}

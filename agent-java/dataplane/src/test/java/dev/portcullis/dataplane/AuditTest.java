// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Reason;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packets to a resource in audit mode. */
class AuditTest {
    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded;

    @BeforeEach
    void guard() {
        loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);
        loaded.commit(States.web(Enforcement.AUDIT, States.ip("office", "203.0.113.0/24")));
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    @Test
    void a_denied_packet_passes_and_is_counted_as_a_denial_that_would_have_been() {
        Decision audited = new Decision("web", "", Direction.INGRESS, Reason.NO_POLICY_MATCH, true);

        assertThat(loaded.verdict("198.51.100.7")).isEqualTo(XDP_PASS);

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .extracting(Counter::decision, Counter::packets)
                .containsExactly(tuple(audited, 1L));
    }

    @Test
    void a_denied_packet_is_reported() throws Exception {
        BlockingQueue<Drop> drops = new LinkedBlockingQueue<>();
        loaded.dataplane.watchDrops(drops::add);

        loaded.verdict("198.51.100.7");

        Drop drop = drops.poll(10, TimeUnit.SECONDS);
        assertThat(drop.decision().audit()).isTrue();
        assertThat(drop.decision().resource()).isEqualTo("web");
        assertThat(drop.source()).map(Object::toString).hasValue("198.51.100.7");
    }

    @Test
    void an_allowed_packet_is_counted_as_such() {
        loaded.verdict("203.0.113.7");

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .extracting(counter -> counter.decision().reason())
                .containsExactly(Reason.POLICY_MATCH);
        assertThat(loaded.dataplane.reports().reported()).isZero();
    }

    @Test
    void a_malformed_packet_passes_as_a_denial_that_would_have_been() {
        ByteBuffer frame = Segment.of("198.51.100.7", "10.0.0.1", Segment.SYN, 1, 0).frame();
        frame.put(14, (byte) 0x44);

        assertThat(loaded.run(frame).result()).isEqualTo(XDP_PASS);

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .extracting(Counter::decision)
                .containsExactly(new Decision("", "", Direction.INGRESS, Reason.MALFORMED, true));
    }

    @Test
    void a_later_fragment_follows_the_first() {
        ByteBuffer first = Segment.of("203.0.113.7", "10.0.0.1", Segment.SYN, 1, 0).frame();
        first.putShort(14 + 6, (short) 0x2000);
        ByteBuffer later = Segment.of("203.0.113.7", "10.0.0.1", Segment.SYN, 1, 0).frame();
        later.putShort(14 + 6, (short) 5);

        loaded.run(first);
        loaded.run(later);

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .extracting(counter -> counter.decision().reason(), Counter::packets)
                .containsExactly(tuple(Reason.POLICY_MATCH, 2L));
    }
}

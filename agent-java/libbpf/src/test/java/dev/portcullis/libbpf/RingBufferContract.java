// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ring buffers, from the program's end to the consumer. */
public abstract class RingBufferContract extends Contract {
    private BpfObject object;
    private BpfMap events;
    private BpfProgram report;

    @BeforeEach
    void load() {
        object = loaded();
        events = object.map("events");
        report = object.program("report");
    }

    @AfterEach
    void unload() {
        report.close();
        events.close();
        object.close();
    }

    @Test
    void every_sample_reaches_the_consumer_in_order() {
        List<Integer> lengths = new ArrayList<>();
        try (RingBuffer ring = open(sample -> lengths.add(sample.getInt(4)))) {
            report(64);
            report(65);

            int consumed = ring.poll(Duration.ofSeconds(5));

            assertThat(consumed).isEqualTo(2);
            assertThat(lengths).containsExactly(64, 65);
        }
    }

    @Test
    void a_poll_without_samples_ends_after_its_time() {
        try (RingBuffer ring = open(sample -> {})) {
            long start = System.nanoTime();

            int consumed = ring.poll(Duration.ofMillis(30));

            assertThat(consumed).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(25));
        }
    }

    @Test
    void consuming_does_not_wait() {
        List<Integer> lengths = new ArrayList<>();
        try (RingBuffer ring = open(sample -> lengths.add(sample.getInt(4)))) {
            assertThat(ring.consume()).isZero();
            report(64);

            assertThat(ring.consume()).isEqualTo(1);
        }
    }

    @Test
    void a_sample_is_read_only_and_has_its_own_length() {
        AtomicReference<ByteBuffer> seen = new AtomicReference<>();
        try (RingBuffer ring = open(seen::set)) {
            report(64);

            ring.consume();

            assertThat(seen.get().isReadOnly()).isTrue();
            assertThat(seen.get().remaining()).isEqualTo(8);
        }
    }

    @Test
    void what_the_consumer_throws_comes_out_of_the_poll_and_later_samples_remain() {
        List<Integer> lengths = new ArrayList<>();
        Consumer<ByteBuffer> consumer =
                sample -> {
                    if (sample.getInt(4) == 64) {
                        throw new IllegalArgumentException("not this one");
                    }
                    lengths.add(sample.getInt(4));
                };
        try (RingBuffer ring = open(consumer)) {
            report(64);
            report(65);

            assertThatThrownBy(() -> ring.poll(Duration.ofSeconds(5)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not this one");
            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(1);
            assertThat(lengths).containsExactly(65);
        }
    }

    @Test
    void an_error_comes_out_of_the_poll_as_well() {
        Consumer<ByteBuffer> consumer =
                sample -> {
                    throw new AssertionError("seen");
                };
        try (RingBuffer ring = open(consumer)) {
            report(64);

            assertThatThrownBy(ring::consume).isInstanceOf(AssertionError.class).hasMessage("seen");
        }
    }

    @Test
    void the_map_may_be_closed_before_the_ring_buffer() {
        List<Integer> lengths = new ArrayList<>();
        BpfMap map = object.map("events");
        try (RingBuffer ring =
                RingBuffer.open(libbpf, map, sample -> lengths.add(sample.getInt(4)))) {
            map.close();
            report(64);

            assertThat(ring.poll(Duration.ofSeconds(5))).isEqualTo(1);
        }
    }

    @Test
    void a_map_of_another_type_is_no_ring_buffer() {
        try (BpfMap map = libbpf.createMap(MapOptions.hash("hash", 4, 8, 10))) {
            assertThatThrownBy(() -> RingBuffer.open(libbpf, map, sample -> {}))
                    .isInstanceOf(BpfException.class)
                    .hasMessage("open ring buffer hash: invalid argument (EINVAL)");
        }
    }

    @Test
    void a_consumer_cannot_close_its_own_ring_buffer() {
        AtomicReference<RingBuffer> self = new AtomicReference<>();
        try (RingBuffer ring = open(sample -> self.get().close())) {
            self.set(ring);
            report(64);

            assertThatThrownBy(ring::consume)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("ring buffer events can't be closed by its own consumer");
        }
    }

    @Test
    void a_closed_ring_buffer_says_so() {
        RingBuffer ring = open(sample -> {});
        ring.close();
        ring.close();

        assertThatThrownBy(ring::consume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ring buffer events is closed");
    }

    private RingBuffer open(Consumer<ByteBuffer> consumer) {
        return RingBuffer.open(libbpf, events, consumer);
    }

    private void report(int packetLength) {
        report.testRun(TestRunOptions.of(room(packetLength)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Rule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is denied, as the kernel tells it. */
class DroppedSourcesTest {
    private static final Policy OFFICE = States.ip("office", "203.0.113.0/24");
    private static final String STRANGER = "198.51.100.7";
    private static final Duration RESOLUTION = Duration.ofMillis(1_200);
    private static final int FLOOD = 50_000;
    private static final int SOURCE = 14 + 12;

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded;

    private void open(DroppedLimits limits) {
        loaded =
                new LoadedDataplane(
                        bpffs,
                        new Limits(
                                1_000,
                                128,
                                10,
                                10,
                                10,
                                ConversationLimits.DEFAULT,
                                limits,
                                ProxiedLimits.DEFAULT));
    }

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    private static Decision denied(String resource, Direction direction) {
        return new Decision(resource, "", direction, Reason.NO_POLICY_MATCH, false);
    }

    private static Predicate<DroppedSource> from(String address) {
        return source -> source.remote().equals(Optional.of(Address.parse(address)));
    }

    @Test
    void sources_of_both_families_are_counted_with_what_denied_them() {
        open(DroppedLimits.DEFAULT);
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        int length = Segment.of(STRANGER, "10.0.0.1", Segment.SYN, 1, 0).frame().remaining();

        loaded.verdict(STRANGER);
        loaded.verdict(STRANGER);
        loaded.verdict("2001:db8::7");
        loaded.verdict("203.0.113.7");

        assertThat(loaded.dataplane.droppedSources())
                .extracting(
                        source -> source.remote().orElseThrow().toString(),
                        DroppedSource::decision,
                        DroppedSource::packets,
                        DroppedSource::bytes)
                .containsExactlyInAnyOrder(
                        tuple(STRANGER, denied("web", Direction.INGRESS), 2L, 2L * length),
                        tuple("2001:db8::7", denied("web", Direction.INGRESS), 1L, length + 20L));
    }

    @Test
    void the_times_are_those_of_the_first_and_last_packet() throws InterruptedException {
        open(DroppedLimits.DEFAULT);
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        Instant begun = Instant.now();

        DroppedSource source;
        do {
            loaded.verdict(STRANGER);
            Thread.sleep(10);
            source = loaded.dataplane.droppedSources().get(0);
        } while (Duration.between(source.first(), source.last()).toMillis() < 2_000);

        assertThat(source.first()).isBetween(begun.minus(RESOLUTION), begun.plus(RESOLUTION));
        assertThat(source.last()).isBetween(Instant.now().minus(RESOLUTION), Instant.now());
    }

    @Test
    void what_was_to_go_out_is_counted_by_where_to() {
        open(DroppedLimits.DEFAULT);
        Rule near = Rule.allow("203.0.113.0/24", States.prefix("203.0.113.0/24"));
        loaded.commit(
                States.everything(Policy.of("out", PolicyType.EGRESS_FIREWALL, List.of(near))));

        loaded.send(Segment.of("10.0.0.1", STRANGER, Segment.SYN, 1, 0).frame());

        assertThat(loaded.dataplane.droppedSources())
                .singleElement()
                .matches(from(STRANGER))
                .extracting(DroppedSource::decision)
                .isEqualTo(denied("host", Direction.EGRESS));
    }

    @Test
    void what_passes_in_audit_mode_is_told_apart() {
        open(DroppedLimits.DEFAULT);
        loaded.commit(States.web(Enforcement.AUDIT, OFFICE));

        loaded.verdict(STRANGER);

        assertThat(loaded.dataplane.droppedSources())
                .singleElement()
                .matches(from(STRANGER))
                .matches(source -> source.decision().audit());
    }

    @Test
    void a_packet_that_ends_before_its_addresses_is_of_nobody() {
        open(DroppedLimits.DEFAULT);
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        ByteBuffer frame = Segment.of(STRANGER, "10.0.0.1", Segment.SYN, 1, 0).frame();

        loaded.run(frame.limit(14 + 19));

        assertThat(loaded.dataplane.droppedSources())
                .singleElement()
                .matches(source -> source.remote().isEmpty())
                .matches(source -> source.decision().reason() == Reason.MALFORMED);
    }

    @Test
    void a_flood_of_random_sources_does_not_push_out_one_that_comes_again_and_again() {
        open(new DroppedLimits(DroppedLimits.DEFAULT.capacity(), 1_000_000_000));
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        ByteBuffer flood = Segment.of("10.1.0.0", "10.0.0.1", Segment.SYN, 1, 0).frame();

        long sent = 0;
        for (int i = 0; i < FLOOD; i++) {
            loaded.run(flood.duplicate().putInt(SOURCE, 0x0a010000 + i));
            if (i % 300 == 0) {
                loaded.verdict(STRANGER);
                sent++;
            }
        }

        assertThat(loaded.dataplane.droppedSources())
                .hasSizeBetween(8_192, 16_384)
                .filteredOn(from(STRANGER))
                .extracting(DroppedSource::packets)
                .containsExactly(sent);
    }

    @Test
    void over_the_limit_only_those_are_counted_who_are_known() {
        int cpus = Libbpf.get().possibleCpus();
        open(new DroppedLimits(4_096, 20 * cpus));
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        ByteBuffer flood = Segment.of("10.1.0.0", "10.0.0.1", Segment.SYN, 1, 0).frame();

        loaded.verdict(STRANGER);
        for (int i = 0; i < 1_000; i++) {
            loaded.run(flood.duplicate().putInt(SOURCE, 0x0a010000 + i));
        }
        loaded.verdict(STRANGER);

        List<DroppedSource> sources = loaded.dataplane.droppedSources();
        assertThat(sources)
                .filteredOn(from(STRANGER))
                .extracting(DroppedSource::packets)
                .containsExactly(2L);
        assertThat(sources.size()).isBetween(20, 500);
        assertThat(sources.size() - 1 + loaded.dataplane.reports().sourcesLimited())
                .isEqualTo(1_000);
        assertThat(loaded.counted(Direction.INGRESS, Reason.NO_POLICY_MATCH)).isEqualTo(1_002);
    }

    @Test
    void a_source_that_sends_much_gets_in_through_a_flood_of_others() {
        open(new DroppedLimits(4_096, Libbpf.get().possibleCpus()));
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        ByteBuffer flood = Segment.of("10.1.0.0", "10.0.0.1", Segment.SYN, 1, 0).frame();
        long end = System.nanoTime() + 60_000_000_000L;

        // Looking takes so long on a slow machine that a second would always end meanwhile, and the
        // flood be first.
        for (int i = 1; i % 256 != 0 || !isCounted(STRANGER); i++) {
            assertThat(System.nanoTime()).isLessThan(end);
            loaded.run(flood.duplicate().putInt(SOURCE, 0x0a010000 + i));
            if (i % 2 == 0) {
                loaded.verdict(STRANGER);
            }
        }

        assertThat(loaded.dataplane.droppedSources()).anyMatch(from(STRANGER));
        assertThat(loaded.dataplane.reports().sourcesLimited()).isPositive();
    }

    private boolean isCounted(String address) {
        return loaded.dataplane.droppedSources().stream().anyMatch(from(address));
    }

    @Test
    void what_a_decision_denied_is_not_told_of_the_one_that_gets_its_number() {
        open(DroppedLimits.DEFAULT);
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        loaded.verdict(STRANGER);
        int number = number("web");

        for (int i = 0; i < 3; i++) {
            loaded.commit(States.everything());
            assertThat(loaded.dataplane.droppedSources()).isEmpty();
        }
        loaded.commit(States.everything(OFFICE));

        assertThat(number("host")).isEqualTo(number);
        assertThat(loaded.dataplane.droppedSources()).isEmpty();
    }

    private int number(String resource) {
        Decision decision = denied(resource, Direction.INGRESS);
        return loaded.dataplane.decisions().byNumber().entrySet().stream()
                .filter(entry -> entry.getValue().equals(decision))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void the_next_agent_goes_on_counting() {
        Limits limits = Limits.DEFAULT;
        loaded = new LoadedDataplane(bpffs, limits);
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        loaded.verdict(STRANGER);
        LoadedDataplane before = loaded;

        loaded = new LoadedDataplane(bpffs, limits, List.of(), false, before.dataplane.decisions());
        before.close();
        loaded.commit(States.web(Enforcement.DROP, OFFICE));
        loaded.verdict(STRANGER);

        assertThat(loaded.dataplane.droppedSources())
                .singleElement()
                .matches(from(STRANGER))
                .matches(source -> source.packets() == 2);
    }
}

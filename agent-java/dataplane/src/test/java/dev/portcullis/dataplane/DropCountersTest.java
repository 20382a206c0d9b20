// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.TC_SHOT;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_TX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.model.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each reason to drop has its counter, and each dropped packet is counted in one. */
class DropCountersTest {
    private static final int TCP_DATA_OFFSET = 14 + 20 + 12;
    private static final int FLAGS_AND_OFFSET = 14 + 6;
    private static final String HERE = "10.0.0.1";
    private static final String FRIEND = "203.0.113.7";
    private static final String STRANGER = "198.51.100.7";
    private static final String THREAT = "198.51.100.66";

    /** One of {@link ProxiedHost#BALANCERS4}. */
    private static final String BALANCER = "192.0.2.1";

    private static final Policy OFFICE = States.ip("office", "203.0.113.0/24");
    private static final Policy THREATS = States.blocklist("threats", THREAT + "/32");
    private static final Policy OUT =
            Policy.of(
                    "out",
                    PolicyType.EGRESS_FIREWALL,
                    List.of(Rule.allow("203.0.113.0/24", States.prefix("203.0.113.0/24"))));
    private static final Policy NAMED =
            Policy.of(
                    "named",
                    PolicyType.ALLOW_DENY,
                    List.of(
                            Rule.allow("*.example.org", new Peers.NamePattern("*.example.org")),
                            Rule.deny("_all", new Peers.Everyone())));

    private final Bpffs bpffs = new Bpffs();
    private final LoadedDataplane loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    /** Of what arrives alone. */
    private static final Set<Reason> ARRIVING =
            Set.of(Reason.NAME_PENDING, Reason.PROXY_HEADER, Reason.PROXY_AHEAD);

    /** Every one there is, so that a new reason comes with a packet that is dropped for it. */
    static Stream<Arguments> reasons() {
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.verdict() == Verdict.DROP)
                .flatMap(reason ->
                        Arrays.stream(Direction.values())
                                .filter(direction ->
                                        direction == Direction.INGRESS
                                                || !ARRIVING.contains(reason))
                                .map(direction -> Arguments.of(reason, direction)));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void a_drop_is_counted_in_the_counter_of_its_reason_alone(Reason reason, Direction direction) {
        DesiredState state =
                reason == Reason.NAME_PENDING
                        ? States.everything(NAMED)
                        : States.everything(OFFICE, THREATS, OUT);
        loaded.commit(ProxiedHost.behindBalancers(state));
        if (reason == Reason.FAULT) {
            loseCells();
        }
        if (reason == Reason.PROXY_AHEAD) {
            begin();
        }

        ByteBuffer frame = frame(reason, direction);
        int length = frame.remaining();
        for (int i = 0; i < 3; i++) {
            assertThat(isDropped(frame.duplicate(), direction)).isTrue();
        }

        assertThat(loaded.dataplane.counters())
                .filteredOn(counter -> counter.packets() > 0)
                .extracting(
                        counter -> counter.decision().reason(),
                        counter -> counter.decision().direction(),
                        counter -> counter.decision().verdict(),
                        Counter::packets,
                        Counter::bytes)
                .containsExactly(tuple(reason, direction, Verdict.DROP, 3L, 3L * length));
    }

    @Test
    void the_counters_of_all_reasons_to_drop_add_up_to_the_packets_that_were_dropped() {
        loaded.commit(States.everything(OFFICE, THREATS, OUT));
        SplittableRandom random = new SplittableRandom(7);
        List<Reason> kinds =
                List.of(
                        Reason.POLICY_MATCH,
                        Reason.NO_POLICY_MATCH,
                        Reason.BLOCKLIST,
                        Reason.MALFORMED,
                        Reason.FRAGMENT);

        int packets = 2_000;
        long dropped = 0;
        for (int i = 0; i < packets; i++) {
            Direction direction = random.nextBoolean() ? Direction.INGRESS : Direction.EGRESS;
            Reason kind = kinds.get(random.nextInt(kinds.size()));
            dropped += isDropped(frame(kind, direction), direction) ? 1 : 0;
        }

        assertThat(dropped).isBetween(1_000L, 1_999L);
        assertThat(counted(Verdict.DROP)).isEqualTo(dropped);
        assertThat(counted(Verdict.PASS)).isEqualTo(packets - dropped);
    }

    @Test
    void a_drop_that_is_answered_with_a_reset_is_counted_once() {
        loaded.commit(States.web(Enforcement.RESET, OFFICE));

        assertThat(loaded.verdict(STRANGER)).isEqualTo(XDP_TX);

        assertThat(counted(Verdict.DROP)).isEqualTo(1);
        assertThat(counted(Verdict.PASS)).isZero();
    }

    private long counted(Verdict verdict) {
        return loaded.dataplane.counters().stream()
                .filter(counter -> counter.decision().verdict() == verdict)
                .mapToLong(Counter::packets)
                .sum();
    }

    private boolean isDropped(ByteBuffer frame, Direction direction) {
        return direction == Direction.INGRESS
                ? loaded.run(frame).result() == XDP_DROP
                : loaded.send(frame) == TC_SHOT;
    }

    private static ByteBuffer frame(Reason reason, Direction direction) {
        String peer =
                switch (reason) {
                    case NO_POLICY_MATCH, NAME_PENDING -> STRANGER;
                    case BLOCKLIST -> THREAT;
                    case PROXY_HEADER, PROXY_AHEAD -> BALANCER;
                    case POLICY_MATCH, MALFORMED, FRAGMENT, FAULT -> FRIEND;
                    default -> throw new IllegalArgumentException("no packet for " + reason);
                };
        Segment segment =
                direction == Direction.INGRESS
                        ? Segment.of(peer, HERE, Segment.SYN, 1, 0)
                        : Segment.of(HERE, peer, Segment.SYN, 1, 0);
        if (peer.equals(BALANCER)) {
            segment = segment.at(100, Segment.ACK).with(0, 0, 10);
        }
        ByteBuffer frame = segment.frame();
        if (reason == Reason.MALFORMED) {
            frame.put(TCP_DATA_OFFSET, (byte) 0x40);
        } else if (reason == Reason.FRAGMENT) {
            frame.putShort(FLAGS_AND_OFFSET, (short) 5);
        }
        return frame;
    }

    /** As if the balancer's SYN had come, and its header had not. */
    private void begin() {
        try (BpfMap opening = pinned("opening")) {
            Segment syn = Segment.of(BALANCER, HERE, Segment.SYN, 0, 0);
            ByteBuffer value =
                    ByteBuffer.allocate(KernelLayout.OPENING_SIZE)
                            .order(ByteOrder.nativeOrder())
                            .putInt(0, syn.sequence() + 1);
            opening.update(ProxiedHost.key(syn), value);
        }
    }

    /** As if a commit had written the header of another rule set: its groups have no cells. */
    private void loseCells() {
        try (BpfMap live = pinned("live");
                BpfMap generations = pinned("generations")) {
            ByteBuffer slot = Slot.word(new LiveWord(live).get().slot());
            ByteBuffer header =
                    ByteBuffer.allocateDirect(KernelLayout.GENERATION_SIZE)
                            .order(ByteOrder.nativeOrder());
            generations.lookup(slot.duplicate(), header.duplicate());
            header.putInt(KernelLayout.GENERATION_EVERY4, 1 << 20);
            generations.update(slot, header);
        }
    }

    private BpfMap pinned(String name) {
        return Libbpf.get()
                .pinnedMap(bpffs.path().resolve("objects/1").resolve(name))
                .orElseThrow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import static dev.portcullis.policy.reference.Fragment.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.AddressPool;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.ScenarioChange;
import dev.portcullis.policy.testing.StateGenerator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Differences of generated states against the reference model; {@code -Dportcullis.seed=N} draws
 * others.
 */
class AccessDiffTest {
    private static final long SEED = Long.getLong("portcullis.seed", 20_261_125);
    private static final int PACKETS = 25;

    static Stream<Long> seeds() {
        return LongStream.range(SEED, SEED + 60).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_change_of_some_rules_is_told_as_the_reference_model_has_it(long seed) {
        Scenario before = StateGenerator.scenario(seed, PACKETS);

        assertThat(disagreements(before, ScenarioChange.of(before))).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_change_of_everything_is_told_as_the_reference_model_has_it(long seed) {
        Scenario before = StateGenerator.scenario(seed, PACKETS);
        Scenario after = StateGenerator.scenario(seed + 1_000_000, PACKETS);

        assertThat(disagreements(before, after)).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void prefixes_are_in_order_disjoint_and_as_few_as_can_be(long seed) {
        Scenario before = StateGenerator.scenario(seed, 0);

        List<AccessChange> changes = changes(before, ScenarioChange.of(before));

        assertThat(changes)
                .allSatisfy(change -> {
                    assertThat(change.gained()).isSorted();
                    assertThat(change.lost()).isSorted();
                    assertThat(neighboursThatAreOne(change.gained())).isEmpty();
                    assertThat(neighboursThatAreOne(change.lost())).isEmpty();
                });
    }

    /** Of a sorted list, prefixes that overlap the next one, or are the other half of it. */
    private static List<Prefix> neighboursThatAreOne(List<Prefix> prefixes) {
        List<Prefix> found = new ArrayList<>();
        for (int i = 1; i < prefixes.size(); i++) {
            Prefix one = prefixes.get(i - 1);
            Prefix next = prefixes.get(i);
            boolean halves =
                    one.family() == next.family()
                            && one.length() == next.length()
                            && Prefix.of(one.network(), one.length() - 1).contains(next);
            if (one.contains(next) || halves) {
                found.add(one);
            }
        }
        return found;
    }

    private static List<AccessChange> changes(Scenario before, Scenario after) {
        DecisionIds none = DecisionIds.none();
        return AccessDiff.between(
                Compiler.compile(before.state(), before.failsafe(), before.environment(), none),
                Compiler.compile(after.state(), after.failsafe(), after.environment(), none));
    }

    /** Sends to where the packets of both states go, from all sources that may matter. */
    private static List<String> disagreements(Scenario before, Scenario after) {
        List<AccessChange> changes = changes(before, after);
        List<Ip> packets =
                Stream.of(before, after)
                        .flatMap(scenario -> scenario.packets().stream())
                        .filter(packet -> packet instanceof Ip ip && ip.fragment() == WHOLE)
                        .map(Ip.class::cast)
                        .toList();
        Set<Address> sources = new LinkedHashSet<>();
        packets.forEach(packet -> sources.add(packet.source()));
        for (AccessChange change : changes) {
            change.gained().forEach(prefix -> sources.addAll(AddressPool.edges(prefix)));
            change.lost().forEach(prefix -> sources.addAll(AddressPool.edges(prefix)));
        }
        List<String> disagreements = new ArrayList<>();
        for (Ip packet : packets) {
            for (Address source : sources) {
                if (source.family() == packet.family()) {
                    compare(before, after, changes, packet.from(source))
                            .ifPresent(disagreements::add);
                }
            }
        }
        return disagreements.stream().limit(20).toList();
    }

    private static Optional<String> compare(
            Scenario before, Scenario after, List<AccessChange> changes, Ip packet) {
        Decision then = before.answer(packet).decision();
        Decision now = after.answer(packet).decision();
        if (then.reason() == Reason.HOST_PROTOCOL || now.reason() == Reason.HOST_PROTOCOL) {
            return Optional.empty();
        }
        boolean passed = then.verdict() != Verdict.DROP;
        boolean passes = now.verdict() != Verdict.DROP;
        String expected = passed == passes ? "" : passes ? "gains" : "loses";
        Decision naming = now.reason() == Reason.NO_RESOURCE ? then : now;
        List<String> told = new ArrayList<>();
        for (AccessChange change : changes) {
            if (change.endpoints().stream().anyMatch(e -> concerns(e, packet))) {
                // The model does not say which resource it is that a failsafe entry opens.
                String resource =
                        naming.reason() == Reason.FAILSAFE
                                        || change.resource().equals(naming.resource())
                                ? ""
                                : " at " + change.resource();
                if (holds(change.gained(), packet.source())) {
                    told.add("gains" + resource);
                }
                if (holds(change.lost(), packet.source())) {
                    told.add("loses" + resource);
                }
            }
        }
        String actual = String.join(", ", told);
        return actual.equals(expected)
                ? Optional.empty()
                : Optional.of(packet + ": told \"" + actual + "\", but " + then + " to " + now);
    }

    private static boolean holds(List<Prefix> prefixes, Address source) {
        return prefixes.stream().anyMatch(prefix -> prefix.contains(source));
    }

    private static boolean concerns(Endpoints endpoints, Ip packet) {
        int port =
                switch (packet.protocol()) {
                    case ReferencePacket.TCP -> PortTable.TCP + port(packet);
                    case ReferencePacket.UDP -> PortTable.UDP + port(packet);
                    case ReferencePacket.SCTP -> PortTable.SCTP + port(packet);
                    default ->
                            PortTable.OTHER
                                    + (isOtherFamilysIcmp(packet) ? 255 : packet.protocol());
                };
        return endpoints.contains(packet.destination(), port, packet.interfaceName());
    }

    /** Which is judged as a protocol without a name. */
    private static boolean isOtherFamilysIcmp(Ip packet) {
        int icmp = packet.family() == Family.IPV4 ? ReferencePacket.ICMPV6 : ReferencePacket.ICMP;
        return packet.protocol() == icmp;
    }

    private static int port(Ip packet) {
        return packet.ports().orElseThrow().destination();
    }
}

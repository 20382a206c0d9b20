// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import static dev.portcullis.policy.reference.Fragment.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    void a_change_of_what_may_leave_is_told_as_the_reference_model_has_it(long seed) {
        Scenario before = StateGenerator.bothWays(seed, PACKETS);

        assertThat(disagreements(before, ScenarioChange.bothWays(before)))
                .as("seed %d", seed)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_change_of_everything_in_both_directions_is_told_as_the_reference_model_has_it(
            long seed) {
        Scenario before = StateGenerator.bothWays(seed, PACKETS);
        Scenario after = StateGenerator.bothWays(seed + 1_000_000, PACKETS);

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
        return AccessDiff.between(image(before), image(after));
    }

    private static Image image(Scenario scenario) {
        return Compiler.compile(
                scenario.state(), scenario.failsafe(), scenario.environment(), DecisionIds.none());
    }

    /** Cgroups that senders are told apart by. */
    private static Set<Cgroup> named(Scenario before, Scenario after) {
        Set<Cgroup> named = new HashSet<>();
        for (Scenario scenario : List.of(before, after)) {
            Image image = image(scenario);
            image.egress()
                    .filter(egress -> image.judges(Direction.EGRESS))
                    .ifPresent(egress -> named.addAll(egress.workloads().keySet()));
        }
        return named;
    }

    /** Sends to where the packets of both states go, with all peers that may matter. */
    private static List<String> disagreements(Scenario before, Scenario after) {
        List<AccessChange> changes = changes(before, after);
        List<Ip> packets =
                Stream.of(before, after)
                        .flatMap(scenario -> scenario.packets().stream())
                        .filter(packet -> packet instanceof Ip ip && ip.fragment() == WHOLE)
                        .map(Ip.class::cast)
                        .filter(packet -> !packet.reply() && !packet.related())
                        .toList();
        Set<Cgroup> named = named(before, after);
        Set<Address> peers = new LinkedHashSet<>();
        packets.forEach(packet -> peers.add(packet.remote()));
        for (AccessChange change : changes) {
            change.gained().forEach(prefix -> peers.addAll(AddressPool.edges(prefix)));
            change.lost().forEach(prefix -> peers.addAll(AddressPool.edges(prefix)));
        }
        List<String> disagreements = new ArrayList<>();
        for (Ip packet : packets) {
            String sender = sender(packet, before.environment(), named);
            List<AccessChange> here =
                    changes.stream()
                            .filter(change -> change.direction() == packet.direction())
                            .filter(change ->
                                    change.endpoints().stream()
                                            .anyMatch(e -> concerns(e, packet, sender)))
                            .toList();
            for (Address peer : peers) {
                if (peer.family() == packet.family()) {
                    compare(before, after, here, packet.with(peer)).ifPresent(disagreements::add);
                }
            }
        }
        return disagreements.stream().limit(20).toList();
    }

    /** The path of the innermost named cgroup around who sent a packet; empty for none. */
    private static String sender(Ip packet, Environment environment, Set<Cgroup> named) {
        return packet.workloads().stream()
                .limit(1)
                .map(workload -> environment.workloads().get(workload).get(0))
                .flatMap(own -> named.stream().filter(cgroup -> cgroup.holds(own)))
                .max(Comparator.comparingInt(Cgroup::depth))
                .map(Cgroup::path)
                .orElse("");
    }

    /**
     * @param changes those about where the packet goes
     */
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
        // Where no policy has a say any more, resources are not told apart.
        boolean unnamed = now.reason() == Reason.NO_RESOURCE || !judges(after, packet.direction());
        Decision naming = unnamed ? then : now;
        List<String> told = new ArrayList<>();
        for (AccessChange change : changes) {
            // The model does not say which resource it is that a failsafe entry opens.
            String resource =
                    naming.reason() == Reason.FAILSAFE
                                    || change.resource().equals(naming.resource())
                            ? ""
                            : " at " + change.resource();
            if (holds(change.gained(), packet.remote())) {
                told.add("gains" + resource);
            }
            if (holds(change.lost(), packet.remote())) {
                told.add("loses" + resource);
            }
        }
        String actual = String.join(", ", told);
        return actual.equals(expected)
                ? Optional.empty()
                : Optional.of(packet + ": told \"" + actual + "\", but " + then + " to " + now);
    }

    private static boolean judges(Scenario scenario, Direction direction) {
        return direction == Direction.INGRESS
                || scenario.state().associatedPolicies().values().stream()
                        .flatMap(List::stream)
                        .anyMatch(policy -> policy.type().judges(direction));
    }

    private static boolean holds(List<Prefix> prefixes, Address peer) {
        return prefixes.stream().anyMatch(prefix -> prefix.contains(peer));
    }

    private static boolean concerns(Endpoints endpoints, Ip packet, String sender) {
        int local = entry(packet, packet.localPort());
        int remote = entry(packet, packet.remotePort());
        return endpoints.contains(packet.local(), local, packet.interfaceName())
                && endpoints.remotePorts().map(ports -> ports.get(remote)).orElse(true)
                && endpoints.senders().contains(sender);
    }

    private static int entry(Ip packet, OptionalInt port) {
        return switch (packet.protocol()) {
            case ReferencePacket.TCP -> PortTable.TCP + port.orElseThrow();
            case ReferencePacket.UDP -> PortTable.UDP + port.orElseThrow();
            case ReferencePacket.SCTP -> PortTable.SCTP + port.orElseThrow();
            default -> PortTable.OTHER + (isOtherFamilysIcmp(packet) ? 255 : packet.protocol());
        };
    }

    /** Which is judged as a protocol without a name. */
    private static boolean isOtherFamilysIcmp(Ip packet) {
        int icmp = packet.family() == Family.IPV4 ? ReferencePacket.ICMPV6 : ReferencePacket.ICMP;
        return packet.protocol() == icmp;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.TieCheck;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StateGeneratorTest {
    /** What hangs on data, which packets of scenarios don't have. */
    private static final Set<Reason> OF_HEADERS =
            EnumSet.of(
                    Reason.PROXY_HANDSHAKE,
                    Reason.PROXY_LOCAL,
                    Reason.PROXY_KEPT,
                    Reason.PROXY_HEADER,
                    Reason.PROXY_AHEAD);

    private static final List<Scenario> SCENARIOS =
            LongStream.range(0, 200).mapToObj(seed -> StateGenerator.bothWays(seed, 200)).toList();

    @Test
    void a_seed_makes_the_same_scenario_again() {
        assertThat(StateGenerator.bothWays(7, 200)).isEqualTo(SCENARIOS.get(7));
    }

    @Test
    void one_in_which_packets_arrive_alone_has_nothing_else() {
        Scenario scenario = StateGenerator.scenario(7, 200);

        assertThat(scenario.packets())
                .extracting(ReferencePacket::direction)
                .containsOnly(Direction.INGRESS);
        assertThat(scenario.state().policies().values())
                .extracting(Policy::type)
                .doesNotContain(PolicyType.EGRESS_FIREWALL);
        assertThat(scenario.state().resources().values())
                .allSatisfy(resource -> assertThat(resource.workload()).isEmpty());
    }

    @Test
    void every_state_is_sound_and_without_ties_whatever_local_stands_for() {
        assertThat(SCENARIOS)
                .allSatisfy(s -> {
                    assertThat(StateCheck.check(s.state())).isEmpty();
                    assertThat(
                                    TieCheck.check(
                                            s.state().resources().values(), s.environment().host()))
                            .isEmpty();
                });
    }

    @ParameterizedTest
    @EnumSource
    void every_reason_is_met_often(Direction direction) {
        Map<Reason, Integer> met = new EnumMap<>(Reason.class);
        SCENARIOS.forEach(s ->
                s.packets().stream()
                        .map(packet -> s.answer(packet).decision())
                        .filter(decision -> decision.direction() == direction)
                        .forEach(decision -> met.merge(decision.reason(), 1, Integer::sum)));

        met.keySet().removeAll(OF_HEADERS);
        Set<Reason> never = EnumSet.of(Reason.FAULT);
        never.addAll(OF_HEADERS);
        if (direction == Direction.EGRESS) {
            never.add(Reason.NAME_PENDING);
        }
        assertThat(met.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.copyOf(never)));
        assertThat(Collections.min(met.values())).as("%s", met).isGreaterThan(200);
    }

    @Test
    void resources_of_a_scenario_are_several() {
        double mean =
                SCENARIOS.stream().mapToInt(s -> s.state().resources().size()).average().orElse(0);

        assertThat(mean).isGreaterThan(4);
    }
}

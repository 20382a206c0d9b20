// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.validation.StateCheck;
import dev.portcullis.policy.validation.TieCheck;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StateGeneratorTest {
    private static final List<Scenario> SCENARIOS =
            LongStream.range(0, 200).mapToObj(seed -> StateGenerator.scenario(seed, 200)).toList();

    @Test
    void a_seed_makes_the_same_scenario_again() {
        assertThat(StateGenerator.scenario(7, 200)).isEqualTo(SCENARIOS.get(7));
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

    @Test
    void every_reason_is_met_often() {
        Map<Reason, Integer> met = new EnumMap<>(Reason.class);
        SCENARIOS.forEach(s ->
                s.packets()
                        .forEach(p -> met.merge(s.answer(p).decision().reason(), 1, Integer::sum)));

        assertThat(met.keySet())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Reason.FAULT))); // never by the rules
        assertThat(Collections.min(met.values())).as("%s", met).isGreaterThan(200);
    }

    @Test
    void resources_of_a_scenario_are_several() {
        double mean =
                SCENARIOS.stream().mapToInt(s -> s.state().resources().size()).average().orElse(0);

        assertThat(mean).isGreaterThan(4);
    }
}

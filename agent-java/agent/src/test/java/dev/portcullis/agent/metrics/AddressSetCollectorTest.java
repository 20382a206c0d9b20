// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.sets.State;
import io.prometheus.client.CollectorRegistry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressSetCollectorTest {
    @Test
    void every_set_has_its_size_its_last_success_and_its_refreshes() {
        CollectorRegistry registry = new CollectorRegistry();
        State state =
                new State(
                        "office",
                        17,
                        Instant.ofEpochSecond(1_700_000_000),
                        "away",
                        new State.Refreshes(1, 2, 3));

        registry.register(new AddressSetCollector(() -> List.of(state)));

        String[] set = {"set"};
        String[] office = {"office"};
        assertThat(registry.getSampleValue("portcullis_address_set_prefixes", set, office))
                .isEqualTo(17);
        assertThat(
                        registry.getSampleValue(
                                "portcullis_address_set_last_success_timestamp_seconds",
                                set,
                                office))
                .isEqualTo(1.7e9);
        assertThat(refreshes(registry, "changed")).isEqualTo(1);
        assertThat(refreshes(registry, "unchanged")).isEqualTo(2);
        assertThat(refreshes(registry, "failed")).isEqualTo(3);
    }

    private static double refreshes(CollectorRegistry registry, String result) {
        return registry.getSampleValue(
                "portcullis_address_set_refreshes_total",
                new String[] {"set", "result"},
                new String[] {"office", result});
    }
}

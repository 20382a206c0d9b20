// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import dev.portcullis.agent.sets.State;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.Supplier;

/** How the address sets are, asked for when it is scraped. */
final class AddressSetCollector extends Collector {
    private static final List<String> SET = List.of("set");
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Supplier<List<State>> states;

    AddressSetCollector(Supplier<List<State>> states) {
        this.states = states;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        GaugeMetricFamily prefixes =
                new GaugeMetricFamily(
                        "portcullis_address_set_prefixes", "CIDRs that the set has.", SET);
        GaugeMetricFamily success =
                new GaugeMetricFamily(
                        "portcullis_address_set_last_success_timestamp_seconds",
                        "When the set was last read, or found to be as it was.",
                        SET);
        CounterMetricFamily refreshes =
                new CounterMetricFamily(
                        "portcullis_address_set_refreshes",
                        "Times that the set was read again, by what came of it.",
                        List.of("set", "result"));
        for (State state : states.get()) {
            List<String> name = List.of(state.name());
            prefixes.addMetric(name, state.prefixes());
            success.addMetric(
                    name, (double) state.lastSuccess().toEpochMilli() / MILLIS_PER_SECOND);
            add(refreshes, state, "changed", state.refreshes().changed());
            add(refreshes, state, "unchanged", state.refreshes().unchanged());
            add(refreshes, state, "failed", state.refreshes().failed());
        }
        return List.of(prefixes, success, refreshes);
    }

    private static void add(CounterMetricFamily refreshes, State state, String result, long count) {
        refreshes.addMetric(List.of(state.name(), result), (double) count);
    }
}

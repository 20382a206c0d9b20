// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import dev.portcullis.agent.names.AddressState;
import dev.portcullis.agent.names.HostState;
import dev.portcullis.agent.names.LookupCounts;
import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.LookupCounts.Result;
import dev.portcullis.agent.names.NameBook;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;

/** How look-ups in DNS end, and what is known of it, read when it is asked for. */
final class NamesCollector extends Collector {
    private final NameBook names;

    NamesCollector(NameBook names) {
        this.names = names;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(lookups(), addresses(), hostNames());
    }

    private MetricFamilySamples lookups() {
        CounterMetricFamily lookups =
                new CounterMetricFamily(
                        "portcullis_dns_lookups",
                        "Look-ups of host names (forward) and of addresses (reverse) by their end.",
                        List.of("kind", "result"));
        LookupCounts counts = names.counts();
        for (Kind kind : Kind.values()) {
            for (Result result : Result.values()) {
                lookups.addMetric(
                        List.of(kind.label(), result.label()), (double) counts.of(kind, result));
            }
        }
        return lookups;
    }

    private MetricFamilySamples addresses() {
        GaugeMetricFamily addresses =
                new GaugeMetricFamily(
                        "portcullis_dns_known_addresses",
                        "Addresses by what DNS said of them: a confirmed name, none, or nothing.",
                        List.of("state"));
        for (AddressState state : AddressState.values()) {
            addresses.addMetric(List.of(state.label()), (double) names.count(state));
        }
        return addresses;
    }

    private MetricFamilySamples hostNames() {
        List<HostState> states = names.states();
        long well = states.stream().filter(state -> state.problem().isEmpty()).count();
        return new GaugeMetricFamily(
                        "portcullis_dns_host_names",
                        "Exact host names in rules, by whether DNS has addresses for them now.",
                        List.of("state"))
                .addMetric(List.of("resolved"), (double) well)
                .addMetric(List.of("unresolved"), (double) (states.size() - well));
    }
}

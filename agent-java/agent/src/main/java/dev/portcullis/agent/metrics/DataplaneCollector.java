// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import dev.portcullis.dataplane.Counter;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.InterfaceState;
import dev.portcullis.dataplane.MapUsage;
import dev.portcullis.dataplane.ProxyTotals;
import dev.portcullis.dataplane.ReportTotals;
import dev.portcullis.policy.model.Decision;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the kernel counts, read when it is asked for. */
final class DataplaneCollector extends Collector {
    private static final List<String> DECISION =
            List.of("resource", "policy", "direction", "verdict", "reason");
    private static final List<String> MAP = List.of("map");

    private final Dataplane dataplane;

    DataplaneCollector(Dataplane dataplane) {
        this.dataplane = dataplane;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> families = new ArrayList<>();
        addDecisions(families);
        addMaps(families);
        ReportTotals totals = dataplane.reports();
        families.add(reports(totals));
        families.add(resets(totals));
        families.add(asks(totals));
        families.add(unknownSources(totals));
        families.addAll(headers());
        families.add(interfaces());
        families.add(
                new GaugeMetricFamily(
                        "portcullis_generation",
                        "The rule set that the kernel judges by; it grows by one with each commit.",
                        (double) dataplane.generation()));
        return families;
    }

    private void addDecisions(List<MetricFamilySamples> families) {
        CounterMetricFamily packets =
                new CounterMetricFamily("portcullis_packets", "Packets judged.", DECISION);
        CounterMetricFamily bytes =
                new CounterMetricFamily(
                        "portcullis_bytes", "Bytes of the frames judged.", DECISION);
        for (Counter counter : dataplane.counters()) {
            Decision decision = counter.decision();
            List<String> labels =
                    List.of(
                            decision.resource(),
                            decision.policy(),
                            decision.direction().label(),
                            decision.verdict().label(),
                            decision.reason().label());
            packets.addMetric(labels, (double) counter.packets());
            bytes.addMetric(labels, (double) counter.bytes());
        }
        families.add(packets);
        families.add(bytes);
    }

    private void addMaps(List<MetricFamilySamples> families) {
        GaugeMetricFamily entries =
                new GaugeMetricFamily(
                        "portcullis_map_entries", "Entries used in the kernel's maps.", MAP);
        GaugeMetricFamily capacity =
                new GaugeMetricFamily(
                        "portcullis_map_capacity", "Entries that fit the kernel's maps.", MAP);
        for (MapUsage usage : dataplane.maps()) {
            entries.addMetric(List.of(usage.map()), (double) usage.entries());
            capacity.addMetric(List.of(usage.map()), (double) usage.capacity());
        }
        families.add(entries);
        families.add(capacity);
    }

    private static MetricFamilySamples resets(ReportTotals totals) {
        return new CounterMetricFamily(
                        "portcullis_resets",
                        "Denied TCP segments of resources that answer with RST.",
                        List.of("outcome"))
                .addMetric(List.of("sent"), (double) totals.resetsSent())
                .addMetric(List.of("limited"), (double) totals.resetsLimited());
    }

    private static MetricFamilySamples asks(ReportTotals totals) {
        return new CounterMetricFamily(
                        "portcullis_name_questions",
                        "Questions of the kernel for the name of a source address.",
                        List.of("outcome"))
                .addMetric(List.of("sent"), (double) totals.asksSent())
                .addMetric(List.of("limited"), (double) totals.asksLimited())
                .addMetric(List.of("lost"), (double) totals.asksLost());
    }

    private static MetricFamilySamples unknownSources(ReportTotals totals) {
        return new CounterMetricFamily(
                "portcullis_unknown_source_packets",
                "Denied packets that are counted in no source, since more new ones came than are let"
                        + " in.",
                (double) totals.sourcesLimited());
    }

    private List<MetricFamilySamples> headers() {
        ProxyTotals totals = dataplane.proxyTotals();
        return List.of(
                new CounterMetricFamily(
                        "portcullis_proxy_headers_too_long",
                        "PROXY headers of more than 4,096 bytes, whose connections are denied.",
                        (double) totals.tooLong()),
                new CounterMetricFamily(
                        "portcullis_proxy_header_parts",
                        "Segments that held a part of a PROXY header, and not its end.",
                        (double) totals.split()));
    }

    private static MetricFamilySamples reports(ReportTotals totals) {
        return new CounterMetricFamily(
                        "portcullis_drop_events",
                        "Dropped packets by what became of their reports; all are counted.",
                        List.of("outcome"))
                .addMetric(List.of("reported"), (double) totals.reported())
                .addMetric(List.of("limited"), (double) totals.limited())
                .addMetric(List.of("lost"), (double) totals.lost());
    }

    private MetricFamilySamples interfaces() {
        GaugeMetricFamily attached =
                new GaugeMetricFamily(
                        "portcullis_interface_attached",
                        "1 if the interface is guarded, in this mode; 0 if it should be and is not.",
                        List.of("interface", "mode"));
        for (InterfaceState state : dataplane.interfaces()) {
            attached.addMetric(
                    List.of(state.name(), state.mode().name().toLowerCase(Locale.ROOT)),
                    state.mode() == InterfaceState.Mode.DETACHED ? 0 : 1);
        }
        return attached;
    }
}

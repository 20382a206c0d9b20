// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.names.NameBook;
import dev.portcullis.agent.sets.AddressSets;
import dev.portcullis.agent.store.Store;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Drift;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.HTTPServer;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Everything that is measured, and the page that shows it. */
public final class AgentMetrics implements Control.CommitListener, AutoCloseable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final CollectorRegistry registry = new CollectorRegistry();
    private final Histogram duration =
            Histogram.build(
                            "portcullis_commit_duration_seconds",
                            "From a push that was received until the kernel judged by it.")
                    .buckets(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
                    .register(registry);
    private final Counter commits =
            Counter.build("portcullis_commits_total", "Commits by result.")
                    .labelNames("result")
                    .register(registry);
    private final Counter drift =
            Counter.build(
                            "portcullis_drift_total",
                            "What somebody else removed or replaced in the kernel, and was put back.")
                    .labelNames("kind")
                    .register(registry);
    private HTTPServer page;

    public AgentMetrics(String version, String libbpf) {
        DefaultExports.register(registry);
        commits.labels("success");
        commits.labels("failure");
        for (Drift.Kind kind : Drift.Kind.values()) {
            drift.labels(kind.label());
        }
        Gauge.build("portcullis_build_info", "1, with what runs as labels.")
                .labelNames("version", "java", "libbpf")
                .register(registry)
                .labels(version, System.getProperty("java.version"), libbpf)
                .set(1);
    }

    @Override
    public void committed(boolean succeeded, Duration took) {
        commits.labels(succeeded ? "success" : "failure").inc();
        if (succeeded) {
            duration.observe((double) took.toNanos() / NANOS_PER_SECOND);
        }
    }

    /** Something was put back. */
    public void drifted(Drift what) {
        drift.labels(what.kind().label()).inc();
    }

    /** Shows the kernel's figures and the control's too. */
    public void watch(
            Control control, Dataplane dataplane, Store store, AddressSets sets, NameBook names) {
        registry.register(new DataplaneCollector(dataplane));
        registry.register(new AddressSetCollector(sets::states));
        registry.register(new NamesCollector(names));
        registry.register(new StateCollector(control::revision, () -> store.damage().files()));
    }

    /**
     * Serves the page.
     *
     * @throws IOException if the address can't be had
     */
    public void serve(InetSocketAddress address) throws IOException {
        page =
                new HTTPServer.Builder()
                        .withInetSocketAddress(address)
                        .withRegistry(registry)
                        .withDaemonThreads(true)
                        .build();
    }

    @Override
    public void close() {
        if (page != null) {
            page.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** What the state directory holds. */
final class StateCollector extends Collector {
    private final LongSupplier revision;
    private final IntSupplier corruptFiles;

    StateCollector(LongSupplier revision, IntSupplier corruptFiles) {
        this.revision = revision;
        this.corruptFiles = corruptFiles;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(
                new GaugeMetricFamily(
                        "portcullis_revision",
                        "The revision of the stored objects.",
                        (double) revision.getAsLong()),
                new GaugeMetricFamily(
                        "portcullis_state_corrupt_files",
                        "Files of the state directory that were found damaged, and are kept aside.",
                        corruptFiles.getAsInt()));
    }
}

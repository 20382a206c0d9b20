// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.names.DnsSettings;
import dev.portcullis.agent.names.NameBook;
import io.prometheus.client.CollectorRegistry;
import org.junit.jupiter.api.Test;

class NamesCollectorTest {
    @Test
    void every_series_is_there_from_the_start() {
        CollectorRegistry registry = new CollectorRegistry();
        try (NameBook names = new NameBook(DnsSettings.DEFAULT)) {
            registry.register(new NamesCollector(names));

            assertThat(
                            registry.getSampleValue(
                                    "portcullis_dns_lookups_total",
                                    new String[] {"kind", "result"},
                                    new String[] {"reverse", "refused"}))
                    .isZero();
            assertThat(
                            registry.getSampleValue(
                                    "portcullis_dns_known_addresses",
                                    new String[] {"state"},
                                    new String[] {"unanswered"}))
                    .isZero();
            assertThat(
                            registry.getSampleValue(
                                    "portcullis_dns_host_names",
                                    new String[] {"state"},
                                    new String[] {"unresolved"}))
                    .isZero();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DnsSettingsTest {
    @Test
    void a_ttl_is_kept_within_its_bounds() {
        DnsSettings settings = DnsSettings.DEFAULT;

        assertThat(settings.kept(Duration.ZERO)).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.kept(Duration.ofMinutes(7))).isEqualTo(Duration.ofMinutes(7));
        assertThat(settings.kept(Duration.ofDays(90))).isEqualTo(Duration.ofDays(1));
        assertThat(settings.keptNegative(Duration.ofDays(1))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void what_can_not_work_is_refused() {
        Duration second = Duration.ofSeconds(1);
        List<InetSocketAddress> named =
                List.of(InetSocketAddress.createUnresolved("dns.example.org", 53));

        assertThatThrownBy(() -> DnsSettings.of(List.of(), second, 0, 1))
                .hasMessageContaining("lookupsPerSecond");
        assertThatThrownBy(() -> DnsSettings.of(List.of(), Duration.ZERO, 1, 1))
                .hasMessageContaining("longer than 0");
        assertThatThrownBy(() -> DnsSettings.of(named, second, 1, 1))
                .hasMessageContaining("not names");
    }
}

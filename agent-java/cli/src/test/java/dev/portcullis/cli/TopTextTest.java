// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.portcullis.api.v1.TopResponse;
import dev.portcullis.api.v1.TopSource;
import org.junit.jupiter.api.Test;

class TopTextTest {
    private static final Timestamp TIME = Timestamp.newBuilder().setSeconds(1_700_000_000).build();

    private static TopSource.Builder source(String address) {
        return TopSource.newBuilder()
                .setAddress(address)
                .setDirection("ingress")
                .setResource("web")
                .setReason("no_policy_match")
                .setPackets(1_234)
                .setBytes(74_040)
                .setLast(TIME);
    }

    private static TopResponse.Builder top() {
        return TopResponse.newBuilder()
                .setTime(TIME)
                .setPackets(2_000)
                .setBytes(120_000)
                .setKnownSources(1);
    }

    @Test
    void the_first_table_has_totals_and_no_rates() {
        assertThat(TopText.of(top().addSources(source("198.51.100.7")).build(), false))
                .isEqualTo(
                        """
                        2023-11-14T22:13:20Z  dropped 2,000 packets, 120,000 bytes; 1 source

                        SOURCE        RESOURCE  REASON           PACKETS   BYTES  LAST
                        198.51.100.7  web       no_policy_match    1,234  74,040  2023-11-14T22:13:20Z
                        """);
    }

    @Test
    void the_next_ones_have_rates_slow_ones_to_a_tenth() {
        TopResponse top =
                top().setSeconds(2)
                        .setPacketsPerSecond(1_500)
                        .setBytesPerSecond(90_000)
                        .addSources(
                                source("198.51.100.7")
                                        .setPacketsPerSecond(0.5)
                                        .setBytesPerSecond(30))
                        .build();

        assertThat(TopText.of(top, false))
                .contains("; 1,500 packets/s, 90,000 bytes/s; 1 source")
                .contains("PACKETS/S  PACKETS  BYTES/S   BYTES")
                .contains("      0.5    1,234       30  74,040");
    }

    @Test
    void direction_and_policy_have_columns_where_they_tell_anything() {
        TopResponse top =
                top().addSources(
                                source("198.51.100.7")
                                        .setDirection("egress")
                                        .setReason("blocklist")
                                        .setPolicy("threats"))
                        .addSources(source("198.51.100.8"))
                        .build();

        assertThat(TopText.of(top, false))
                .contains("SOURCE        DIRECTION  RESOURCE  REASON           POLICY   PACKETS")
                .contains("198.51.100.7  egress     web       blocklist        threats")
                .contains("198.51.100.8  ingress    web       no_policy_match  -");
    }

    @Test
    void packets_that_are_of_no_source_are_told() {
        assertThat(TopText.of(top().setUnknownSourcePackets(5_000).build(), false))
                .endsWith("; 1 source; 5,000 packets of others\n");
    }

    @Test
    void what_passed_in_audit_mode_is_not_called_dropped() {
        assertThat(TopText.of(top().build(), true)).contains("audited 2,000 packets");
    }

    @Test
    void on_a_terminal_a_shorter_table_leaves_nothing_of_a_longer_one() {
        assertThat(Terminal.inPlace("one\ntwo\nthree\n", 3))
                .isEqualTo("\033[?7l\033[Hone\033[K\ntwo\033[K\n\033[J\033[?7h");
    }
}

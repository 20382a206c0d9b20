// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.AccessChange;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DiffTextTest {
    private static AccessChange change(
            String resource, String endpoint, List<String> gained, List<String> lost) {
        return AccessChange.newBuilder()
                .setResource(resource)
                .setEndpoint(endpoint)
                .addAllGained(gained)
                .addAllLost(lost)
                .build();
    }

    @Test
    void a_push_that_changes_no_verdict_says_so() {
        assertThat(DiffText.of(List.of())).isEqualTo("no verdict changes\n");
    }

    @Test
    void messages_of_one_resource_and_endpoint_stand_below_one_heading() {
        List<AccessChange> changes =
                List.of(
                        change("web", "any 443/tcp", List.of(), List.of("::/0")),
                        change("web", "any 80/tcp", List.of("192.0.2.0/24"), List.of()),
                        change("web", "any 443/tcp", List.of("203.0.113.9/32"), List.of()),
                        change("web", "any 443/tcp", List.of(), List.of("10.0.0.0/8")));

        assertThat(DiffText.of(changes))
                .isEqualTo(
                        """
                        web  any 443/tcp
                          + 203.0.113.9/32
                          - ::/0
                          - 10.0.0.0/8
                        web  any 80/tcp
                          + 192.0.2.0/24
                        """);
    }

    @Test
    void what_no_resource_governs_is_of_the_failsafe() {
        AccessChange change = change("", "any 22/tcp", List.of("0.0.0.0/0"), List.of());

        assertThat(DiffText.of(List.of(change))).isEqualTo("failsafe  any 22/tcp\n  + 0.0.0.0/0\n");
    }

    @Test
    void a_long_list_is_printed_whole() {
        List<String> many =
                IntStream.range(0, 50_000)
                        .mapToObj(i -> "10." + (i >> 8) + "." + (i & 255) + ".0/25")
                        .toList();

        String text = DiffText.of(List.of(change("web", "any", List.of(), many)));

        assertThat(text.lines()).hasSize(50_001);
    }
}

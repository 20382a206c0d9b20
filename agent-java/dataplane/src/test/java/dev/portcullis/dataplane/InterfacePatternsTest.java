// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InterfacePatternsTest {
    private final InterfacePatterns patterns = new InterfacePatterns(List.of("eth1", "v?", "lo*"));

    @Test
    void patterns_are_idle_that_match_no_interface() {
        assertThat(patterns.idle(List.of("v0", "lo"))).containsExactly("lo*");
    }

    @Test
    void names_are_not_idle_patterns() {
        assertThat(patterns.idle(List.of())).containsExactly("v?", "lo*");
    }

    @Test
    void they_are_told_as_they_were_written() {
        assertThat(patterns).hasToString("eth1, v?, lo*");
    }
}

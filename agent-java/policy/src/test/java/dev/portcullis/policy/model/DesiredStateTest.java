// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
    private static Policy filter(String name, String fallback) {
        return new Policy(name, PolicyType.ALLOW_DENY, List.of(), true, fallback, "", false, "");
    }

    @Test
    void policies_in_use_are_those_associated_and_all_that_they_fall_back_to() {
        Resource web =
                Resource.of(
                        "web",
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(),
                        List.of("http"));
        DesiredState state =
                new DesiredState(
                        Map.of(
                                "http", filter("http", "default"),
                                "default", filter("default", "transport"),
                                "transport", filter("transport", ""),
                                "other", filter("other", "http")),
                        Map.of("web", web));

        assertThat(state.used().keySet()).containsExactly("default", "http", "transport");
    }
}

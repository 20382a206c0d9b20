// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.IdlePolicy;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdleWarningsTest {
    @Test
    void a_warning_names_policy_resource_and_what_comes_before() {
        List<IdlePolicy> idle = List.of(new IdlePolicy("office", "web", List.of("threats", "vpn")));

        assertThat(TransactionCheck.idleWarnings(idle))
                .containsExactly(
                        "policy office: never decides at resource web: every source of it is"
                                + " matched by policies before it (threats, vpn)");
    }

    @Test
    void of_many_resources_the_first_ten_are_named_and_the_others_counted() {
        List<IdlePolicy> idle =
                IntStream.range(0, 12)
                        .mapToObj(i -> new IdlePolicy("office", "web-" + i, List.of("vpn")))
                        .toList();

        assertThat(TransactionCheck.idleWarnings(idle))
                .hasSize(11)
                .endsWith("policy office: 2 more: resources at which it never decides");
    }
}

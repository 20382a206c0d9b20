// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.ExplainResponse;
import org.junit.jupiter.api.Test;

class ExplainTextTest {
    private static final ExplainResponse DENIED =
            ExplainResponse.newBuilder()
                    .setRule("198.51.100.7")
                    .setRuleIndex(3)
                    .setRuleField("spec.deny[1]")
                    .build();

    @Test
    void a_rule_is_shown_with_the_field_that_holds_it() {
        assertThat(ExplainCommand.text(DENIED))
                .contains("rule         198.51.100.7 (spec.deny[1])\n");
    }

    @Test
    void a_rule_is_shown_with_its_description() {
        ExplainResponse described = DENIED.toBuilder().setRuleDescription("a scanner").build();

        assertThat(ExplainCommand.text(described))
                .contains("rule         198.51.100.7 (spec.deny[1], a scanner)\n");
    }
}

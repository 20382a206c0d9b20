// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.ExplainResponse;
import dev.portcullis.api.v1.WatchDropsResponse;
import org.junit.jupiter.api.Test;

/** Packets that passed because their resource is in audit mode. */
class AuditTextTest {
    private static final WatchDropsResponse DROP =
            WatchDropsResponse.newBuilder()
                    .setSource("192.0.2.1")
                    .setReason("no_policy_match")
                    .setNotShown(12)
                    .build();
    private static final ExplainResponse PASS =
            ExplainResponse.newBuilder().setVerdict("PASS").setReason("no_policy_match").build();

    @Test
    void drops_marks_a_packet_that_passed_in_audit_mode() {
        assertThat(DropText.of(DROP.toBuilder().setAudit(true).build()))
                .contains("  (audit: passed)")
                .endsWith("+12\n");
    }

    @Test
    void drops_has_no_mark_on_a_packet_that_was_dropped() {
        assertThat(DropText.of(DROP)).doesNotContain("audit");
    }

    @Test
    void explain_says_that_a_packet_passes_because_of_audit_mode() {
        assertThat(ExplainCommand.text(PASS.toBuilder().setAudit(true).build()))
                .startsWith("verdict      PASS (audit)\n");
    }

    @Test
    void explain_does_not_speak_of_audit_mode_where_a_packet_simply_passes() {
        assertThat(ExplainCommand.text(PASS)).startsWith("verdict      PASS\n");
    }

    @Test
    void json_holds_audit_whether_true_or_false() {
        assertThat(MessageText.jsonLine(DROP)).contains("\"audit\":false");
        assertThat(MessageText.jsonLine(DROP.toBuilder().setAudit(true).build()))
                .contains("\"audit\":true");
        assertThat(MessageText.json(PASS)).contains("\"audit\": false");
    }
}

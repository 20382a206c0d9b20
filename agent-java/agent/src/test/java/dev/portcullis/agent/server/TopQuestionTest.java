// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.agent.control.Refusal;
import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request for the sources denied most can ask. */
class TopQuestionTest {
    private static final DesiredState WEB =
            new DesiredState(
                    Map.of(),
                    Map.of(
                            "web",
                            Resource.of(
                                    "web",
                                    LocalAddresses.EVERY,
                                    List.of(PortMatch.EVERYTHING),
                                    Set.of(),
                                    List.of())));

    private static TopQuestion question(TopRequest.Builder request) {
        return TopQuestion.of(request.build(), WEB);
    }

    private static Decision denied(String resource, Reason reason, boolean audit) {
        return new Decision(resource, "", Direction.INGRESS, reason, audit);
    }

    @Test
    void an_empty_request_asks_for_ten_of_all_that_is_dropped_every_two_seconds() {
        TopQuestion question = question(TopRequest.newBuilder());

        assertThat(question.limit()).isEqualTo(10);
        assertThat(question.interval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(question.isAbout(denied("web", Reason.BLOCKLIST, false))).isTrue();
        assertThat(question.isAbout(denied("", Reason.MALFORMED, false))).isTrue();
        assertThat(question.isAbout(denied("web", Reason.BLOCKLIST, true))).isFalse();
        assertThat(question.isAbout(denied("web", Reason.POLICY_MATCH, false))).isFalse();
    }

    @Test
    void a_request_can_be_about_one_resource_and_one_reason() {
        TopQuestion question =
                question(TopRequest.newBuilder().setResource("web").setReason("blocklist"));

        assertThat(question.isAbout(denied("web", Reason.BLOCKLIST, false))).isTrue();
        assertThat(question.isAbout(denied("shop", Reason.BLOCKLIST, false))).isFalse();
        assertThat(question.isAbout(denied("web", Reason.NO_POLICY_MATCH, false))).isFalse();
    }

    @Test
    void a_request_can_be_about_what_passed_in_audit_mode() {
        TopQuestion question = question(TopRequest.newBuilder().setAudit(true));

        assertThat(question.isAbout(denied("web", Reason.BLOCKLIST, true))).isTrue();
        assertThat(question.isAbout(denied("web", Reason.BLOCKLIST, false))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {10_001, -1})
    void a_limit_out_of_bounds_is_refused_with_the_bounds(int limit) {
        assertThatThrownBy(() -> question(TopRequest.newBuilder().setLimit(limit)))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "limit: is "
                                + Integer.toUnsignedString(limit)
                                + "; write a number from 1 to 10,000, or 0 for 10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "61m", "2d", "500ms", "2", "-2s"})
    void an_interval_out_of_bounds_is_refused_with_an_example(String interval) {
        assertThatThrownBy(() -> question(TopRequest.newBuilder().setInterval(interval)))
                .isInstanceOf(Refusal.class)
                .hasMessage(
                        "interval: \"" + interval + "\" is not a time from 1s to 1h, such as 2s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy_match", "no_policy_mach", "NO_POLICY_MATCH"})
    void what_is_no_reason_to_drop_is_refused_with_those_that_are(String reason) {
        assertThatThrownBy(() -> question(TopRequest.newBuilder().setReason(reason)))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("reason: \"" + reason + "\" is no reason to drop")
                .hasMessageContaining("write no_policy_match or blocklist or ");
    }

    @Test
    void a_resource_that_is_not_there_is_refused_with_one_that_is_meant() {
        assertThatThrownBy(() -> question(TopRequest.newBuilder().setResource("wed")))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.why()).isEqualTo(Refusal.Cause.NOT_FOUND))
                .hasMessage("resource: no resource is named \"wed\" (did you mean \"web\"?)");
    }
}

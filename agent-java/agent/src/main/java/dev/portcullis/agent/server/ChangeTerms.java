// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.control.Terms;
import dev.portcullis.policy.validation.DurationText;
import dev.portcullis.policy.validation.Quoted;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a request ties its change to. */
final class ChangeTerms {
    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(1);

    private ChangeTerms() {}

    /**
     * Of the call that this thread answers.
     *
     * @throws Refusal if the time is none
     */
    static Terms of(
            boolean dryRun, OptionalLong expectedRevision, boolean force, String confirmTimeout) {
        return new Terms(
                expectedRevision, dryRun, force, time(confirmTimeout), Callers.connection());
    }

    private static Optional<Duration> time(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                DurationText.parse(text, LONGEST)
                        .filter(time -> time.compareTo(SHORTEST) >= 0)
                        .orElseThrow(() ->
                                new Refusal(
                                        Refusal.Cause.INVALID,
                                        "confirm_timeout: "
                                                + Quoted.of(text)
                                                + " is no time from 5s to 1d; write one such as 60s or 10m")));
    }
}

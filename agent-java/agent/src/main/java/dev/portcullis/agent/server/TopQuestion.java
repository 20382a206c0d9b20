// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Refusal;
import dev.portcullis.api.v1.TopRequest;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.validation.DurationText;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.Suggestion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client wants to know of who is denied most.
 *
 * @param limit how many sources
 * @param resource empty for any
 * @param reason empty for any
 * @param interval from one answer to the next
 * @param verdict {@code DROP}, or {@code AUDIT} for what would have been dropped
 */
record TopQuestion(
        int limit,
        Optional<String> resource,
        Optional<Reason> reason,
        Duration interval,
        Verdict verdict) {
    private static final int STANDARD_LIMIT = 10;
    private static final int MOST = 10_000;
    private static final Duration STANDARD_INTERVAL = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * @throws Refusal if there is no such resource or reason, or a number is out of bounds
     */
    static TopQuestion of(TopRequest request, DesiredState state) {
        return new TopQuestion(
                limit(request.getLimit()),
                resource(request.getResource(), state),
                reason(request.getReason()),
                interval(request.getInterval()),
                request.getAudit() ? Verdict.AUDIT : Verdict.DROP);
    }

    private static int limit(int limit) {
        if (limit < 0 || limit > MOST) {
            throw invalid(
                    String.format(
                            Locale.ROOT,
                            "limit: is %s; write a number from 1 to %,d, or 0 for %d",
                            Integer.toUnsignedString(limit),
                            MOST,
                            STANDARD_LIMIT));
        }
        return limit == 0 ? STANDARD_LIMIT : limit;
    }

    private static Optional<String> resource(String name, DesiredState state) {
        if (!name.isEmpty() && !state.resources().containsKey(name)) {
            throw new Refusal(
                    Refusal.Cause.NOT_FOUND,
                    "resource: no resource is named "
                            + Quoted.of(name)
                            + Suggestion.didYouMean(name, state.resources().keySet()));
        }
        return Optional.of(name).filter(given -> !given.isEmpty());
    }

    private static Optional<Reason> reason(String label) {
        if (label.isEmpty()) {
            return Optional.empty();
        }
        List<Reason> known =
                Arrays.stream(Reason.values())
                        .filter(reason -> reason.verdict() == Verdict.DROP)
                        .toList();
        List<String> labels = known.stream().map(Reason::label).toList();
        return Optional.of(
                known.stream()
                        .filter(reason -> reason.label().equals(label))
                        .findFirst()
                        .orElseThrow(() ->
                                invalid(
                                        "reason: "
                                                + Quoted.of(label)
                                                + " is no reason to drop"
                                                + Suggestion.didYouMean(label, labels)
                                                + "; write "
                                                + String.join(" or ", labels))));
    }

    private static Duration interval(String text) {
        if (text.isEmpty()) {
            return STANDARD_INTERVAL;
        }
        return DurationText.parse(text, LONGEST)
                .orElseThrow(() ->
                        invalid(
                                "interval: "
                                        + Quoted.of(text)
                                        + " is not a time from 1s to 1h, such as 2s"));
    }

    private static Refusal invalid(String sentence) {
        return new Refusal(Refusal.Cause.INVALID, sentence);
    }

    boolean isAbout(Decision decision) {
        return decision.verdict() == verdict
                && resource.map(decision.resource()::equals).orElse(true)
                && reason.map(wanted -> wanted == decision.reason()).orElse(true);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time as text: a whole number and a unit, such as {@code 30s}, {@code 15m}, {@code 12h}.
 */
public final class DurationText {
    /** Nine digits fit whatever the unit is. */
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})([smhd])");

    private DurationText() {}

    /** Empty if the text is none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2))))
                : Optional.empty();
    }

    /** Empty if the text is none, or none from a second to the longest. */
    public static Optional<Duration> parse(String text, Duration longest) {
        return parse(text)
                .filter(duration -> !duration.isZero() && duration.compareTo(longest) <= 0);
    }

    private static ChronoUnit unit(String letter) {
        return switch (letter) {
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }
}

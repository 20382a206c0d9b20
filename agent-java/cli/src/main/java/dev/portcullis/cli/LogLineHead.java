// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.temporal.ChronoUnit;

/**
 * What a line of the log begins with: for the journal, which notes the time itself, the level as
 * sd-daemon(3) has it; elsewhere time and level.
 */
public final class LogLineHead extends ClassicConverter {
    private final boolean journal = System.getenv("JOURNAL_STREAM") != null;

    @Override
    public String convert(ILoggingEvent event) {
        return journal
                ? "<" + priority(event.getLevel()) + ">"
                : event.getInstant().truncatedTo(ChronoUnit.MILLIS) + " " + event.getLevel() + " ";
    }

    /** Of syslog(3). */
    private static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.portcullis.agent.v1.ConversationTimeouts;
import dev.portcullis.agent.v1.Conversations;
import dev.portcullis.dataplane.ConversationLimits;
import dev.portcullis.dataplane.ConversationTimeout;
import dev.portcullis.policy.validation.DurationText;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The part {@code conversations} of agent.yaml. */
final class ConversationsCheck {
    private static final int LEAST = 1_024;
    private static final int MOST = 1 << 24;
    private static final Duration LONGEST = Duration.ofDays(30);

    private final Conversations conversations;
    private final Findings findings;

    ConversationsCheck(Conversations conversations, Findings findings) {
        this.conversations = conversations;
        this.findings = findings;
    }

    /** The defaults stand in for what is a finding. */
    ConversationLimits check() {
        int capacity =
                NumberCheck.orDefault(
                        "conversations.capacity",
                        conversations.hasCapacity(),
                        conversations.getCapacity(),
                        ConversationLimits.DEFAULT.capacity(),
                        LEAST,
                        MOST,
                        findings);
        Map<ConversationTimeout, Duration> timeouts = new EnumMap<>(ConversationTimeout.class);
        for (ConversationTimeout timeout : ConversationTimeout.values()) {
            timeout(timeout).ifPresent(duration -> timeouts.put(timeout, duration));
        }
        return new ConversationLimits(capacity, timeouts);
    }

    private Optional<Duration> timeout(ConversationTimeout timeout) {
        FieldDescriptor field =
                ConversationTimeouts.getDescriptor()
                        .findFieldByName(timeout.name().toLowerCase(Locale.ROOT));
        String text = (String) conversations.getTimeouts().getField(field);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(text, LONGEST);
        if (duration.isEmpty()) {
            findings.violation(
                    "conversations.timeouts." + field.getJsonName(),
                    Quoted.of(text) + " is not a time from 1s to 30d, such as 2m");
        }
        return duration;
    }
}

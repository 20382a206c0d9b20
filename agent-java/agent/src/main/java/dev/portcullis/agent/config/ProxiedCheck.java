// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import dev.portcullis.agent.v1.Proxied;
import dev.portcullis.dataplane.ProxiedLimits;
import dev.portcullis.policy.validation.DurationText;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Quoted;
import java.time.Duration;
import java.util.Optional;

/** The part {@code proxied} of agent.yaml. */
final class ProxiedCheck {
    private static final int LEAST = 4_096;
    private static final int MOST = 1 << 24;
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final String CUT = "0s";

    private ProxiedCheck() {}

    /** The defaults stand in for what is a finding. */
    static ProxiedLimits check(Proxied proxied, Findings findings) {
        int capacity =
                NumberCheck.orDefault(
                        "proxied.capacity",
                        proxied.hasCapacity(),
                        proxied.getCapacity(),
                        ProxiedLimits.DEFAULT.capacity(),
                        LEAST,
                        MOST,
                        findings);
        return new ProxiedLimits(capacity, keepExisting(proxied.getKeepExisting(), findings));
    }

    private static Duration keepExisting(String text, Findings findings) {
        if (text.isEmpty()) {
            return ProxiedLimits.DEFAULT.keepExisting();
        }
        if (text.equals(CUT)) {
            return Duration.ZERO;
        }
        Optional<Duration> duration = DurationText.parse(text, LONGEST);
        if (duration.isEmpty()) {
            findings.violation(
                    "proxied.keepExisting",
                    Quoted.of(text)
                            + " is not a time from 1s to 30d, such as 10m, or 0s to cut such"
                            + " connections at once");
        }
        return duration.orElse(ProxiedLimits.DEFAULT.keepExisting());
    }
}

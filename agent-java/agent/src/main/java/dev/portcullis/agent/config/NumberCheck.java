// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import dev.portcullis.policy.validation.Findings;
import java.util.Locale;

/** A number of agent.yaml that need not be written. */
final class NumberCheck {
    private NumberCheck() {}

    /** The value if it is given, also when it is a finding; else the default. */
    static int orDefault(
            String field,
            boolean given,
            int value,
            int fallback,
            int least,
            int most,
            Findings findings) {
        if (!given) {
            return fallback;
        }
        if (value < least || value > most) {
            findings.violation(
                    field,
                    String.format(
                            Locale.ROOT,
                            "is %s; write a number from %,d to %,d",
                            Integer.toUnsignedString(value),
                            least,
                            most));
        }
        return value;
    }
}

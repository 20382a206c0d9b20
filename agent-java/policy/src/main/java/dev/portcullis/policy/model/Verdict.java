// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Locale;

/** What becomes of a packet. */
public enum Verdict {
    PASS,
    DROP,
    /** Passes, where it would be dropped if its resource were not in audit mode. */
    AUDIT;

    /** The name in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.util.Locale;

/**
 * Something that somebody else has changed in the kernel behind the agent's back, and that was put
 * back.
 *
 * @param what in words
 */
public record Drift(Kind kind, String what) {
    /** What kind of thing it was. */
    public enum Kind {
        /** An interface's program at ingress was taken off. */
        INGRESS,
        /** The same at egress. */
        EGRESS,
        /** Another program was put in the place of ours. */
        PROGRAM,
        /** A part of the rule set was removed or replaced. */
        MAP,
        /** A pin was removed. */
        PIN;

        /** As in metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

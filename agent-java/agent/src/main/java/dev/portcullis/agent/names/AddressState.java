// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import com.google.common.base.Ascii;

/** What is known of an address. */
public enum AddressState {
    /** It has at least one confirmed name. */
    NAMED,
    /** It has none. */
    UNNAMED,
    /** DNS does not answer. */
    UNANSWERED;

    /** The name in metrics. */
    public String label() {
        return Ascii.toLowerCase(name());
    }
}

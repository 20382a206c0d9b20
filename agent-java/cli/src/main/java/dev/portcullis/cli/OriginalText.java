// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.api.v1.Original;

/** Whom a balancer has sent something on for, for people. */
final class OriginalText {
    private OriginalText() {}

    /** As it is named in rules; empty if there is none. */
    static String endpoint(Original original) {
        if (original.hasAzureLinkId()) {
            return "link " + Integer.toUnsignedString(original.getAzureLinkId());
        }
        if (original.hasPscConnectionId()) {
            return "psc " + Long.toUnsignedString(original.getPscConnectionId());
        }
        return original.getVpce();
    }
}

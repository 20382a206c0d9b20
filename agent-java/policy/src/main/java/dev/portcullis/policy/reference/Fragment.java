// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

/** Which part of a datagram a packet is. */
public enum Fragment {
    /** All of it. */
    WHOLE,
    /** The first fragment, which holds the ports. */
    FIRST,
    /** A later fragment whose first fragment was not seen. */
    LATER_OF_UNSEEN,
    /** A later fragment whose first fragment passed. */
    LATER_OF_PASSED,
    /** A later fragment whose first fragment was dropped. */
    LATER_OF_DROPPED;

    /** Whether it lacks the header of the transport protocol. */
    public boolean isLater() {
        return this != WHOLE && this != FIRST;
    }
}

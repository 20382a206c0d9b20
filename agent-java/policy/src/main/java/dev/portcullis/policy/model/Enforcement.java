// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

/** What becomes of a packet that a resource's policies deny. */
public enum Enforcement {
    /** Dropped without a word. */
    DROP,
    /** Dropped; a TCP packet is answered with RST. */
    RESET,
    /** Passes, and is counted and reported as a denial that would have been. */
    AUDIT
}

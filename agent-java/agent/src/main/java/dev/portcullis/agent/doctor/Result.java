// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

/** How a check ended. */
public enum Result {
    OK,
    /** It works, and worse than it could. */
    WARNING,
    /** The agent will not start, or will not guard. */
    FAILED,
    /** This process may not look, or the host does not tell. */
    UNKNOWN
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * An interface that the agent guards or should guard.
 *
 * @param problem why it is not guarded; empty when it is
 */
public record InterfaceState(String name, int index, Mode mode, String problem) {
    /** Where packets are judged. */
    public enum Mode {
        /** In the driver. */
        NATIVE,
        /** In the stack, after the driver: slower. */
        GENERIC,
        /** Not at all. */
        DETACHED
    }
}

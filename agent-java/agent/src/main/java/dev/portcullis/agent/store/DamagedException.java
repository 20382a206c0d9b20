// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

/** A file is not as it was written. The message goes on from its name: {@code is cut short}. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
        super(message);
    }
}

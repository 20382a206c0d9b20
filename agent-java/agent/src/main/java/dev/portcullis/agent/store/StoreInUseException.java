// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

/** Another agent uses the state directory. */
public final class StoreInUseException extends StoreException {
    private static final long serialVersionUID = 1;

    StoreInUseException(String message) {
        super(message);
    }
}

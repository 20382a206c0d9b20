// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

/** The disk did not let us; what was stored still is. The message is for people. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

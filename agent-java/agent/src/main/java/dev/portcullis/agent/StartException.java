// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent;

/** The agent can't start as it is configured. The message is for people. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}

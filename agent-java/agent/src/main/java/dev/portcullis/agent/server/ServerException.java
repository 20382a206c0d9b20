// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

/** A socket that can't be had. The message is for people. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ServerException(String message, Throwable cause) {
        super(message, cause);
    }
}

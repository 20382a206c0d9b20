// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/**
 * The kernel or the host did not let us. Rules that were enforced still are. The message is for
 * people.
 */
public class DataplaneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DataplaneException(String message) {
        super(message);
    }

    DataplaneException(String message, Throwable cause) {
        super(message, cause);
    }
}

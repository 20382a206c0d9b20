// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

/** A rule set that is larger than the maps. Nothing was changed. The message is for people. */
public final class CapacityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CapacityException(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.file;

/** The rest of a text can't be read; the message says why, to an operator. */
public final class UnreadableYaml extends Exception {
    private final int line;

    UnreadableYaml(int line, String message) {
        super(message);
        this.line = line;
    }

    /** From 1. */
    public int line() {
        return line;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

/**
 * A place in a text.
 *
 * @param source the file's name, or {@code -}
 * @param line from 1
 */
public record Location(String source, int line) {
    @Override
    public String toString() {
        return source + ":" + line;
    }
}

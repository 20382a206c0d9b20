// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

/** Why a source gave nothing, as a sentence for people. */
final class SourceException extends Exception {
    private final String field;

    /**
     * @param field the field of the set that has to do with it, such as {@code spec.url}
     */
    SourceException(String field, String message) {
        super(message);
        this.field = field;
    }

    String field() {
        return field;
    }
}

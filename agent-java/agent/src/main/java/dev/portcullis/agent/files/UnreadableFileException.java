// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.files;

/** Why a file gave nothing, as a sentence for people that begins with its path. */
public final class UnreadableFileException extends Exception {
    UnreadableFileException(String message) {
        super(message);
    }
}

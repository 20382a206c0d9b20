// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

/**
 * A desired state that is valid, and that the kernel's tables can't hold. The message is for
 * people.
 */
public final class CompileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CompileException(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.List;

/** Ends a command: what to tell the operator, and the exit code. */
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient List<String> details;

    private CommandFailure(int exitCode, String sentence, List<String> details, Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
        this.details = List.copyOf(details);
    }

    static CommandFailure refused(String sentence) {
        return refused(sentence, List.of());
    }

    /**
     * @param details lines to print before the sentence, such as violations
     */
    static CommandFailure refused(String sentence, List<String> details) {
        return new CommandFailure(ExitCodes.REFUSED, sentence, details, null);
    }

    static CommandFailure refused(String sentence, Throwable cause) {
        return new CommandFailure(ExitCodes.REFUSED, sentence, List.of(), cause);
    }

    static CommandFailure unreachable(String sentence, Throwable cause) {
        return new CommandFailure(ExitCodes.UNREACHABLE, sentence, List.of(), cause);
    }

    /** A stream that only the client ends has ended. */
    static CommandFailure streamEnded() {
        return unreachable("the agent ended the stream: see \"systemctl status portcullis\"", null);
    }

    int exitCode() {
        return exitCode;
    }

    List<String> details() {
        return details;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Finds in a verifier's log the lines that tell why it rejected the program: the last ones. */
final class VerifierLog {
    private static final int LINES = 4;

    /** Statistics that the verifier writes after its reason. */
    private static final List<String> STATISTICS =
            List.of("processed ", "verification time ", "stack depth ");

    private VerifierLog() {}

    /** The last lines that matter, each below the other; empty for an empty log. */
    static String tail(String log) {
        Deque<String> lines = new ArrayDeque<>();
        for (String line : log.lines().map(String::strip).toList()) {
            if (line.isEmpty() || STATISTICS.stream().anyMatch(line::startsWith)) {
                continue;
            }
            lines.addLast(line);
            if (lines.size() > LINES) {
                lines.removeFirst();
            }
        }
        return lines.isEmpty() ? "" : "the verifier ended with\n  " + String.join("\n  ", lines);
    }
}

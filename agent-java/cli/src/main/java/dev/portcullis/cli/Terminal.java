// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terminal that the command prints to, if it does. */
final class Terminal {
    private static final String HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String CUT_LINES = "\033[?7l";
    private static final String WRAP_LINES = "\033[?7h";

    private Terminal() {}

    /** Whether standard output is one that takes control sequences. */
    static boolean isOutput() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            String output = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return output.startsWith("/dev/pts/")
                    || output.startsWith("/dev/tty")
                    || output.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Text over what the screen shows: written over line by line, which does not flicker, and cut
     * at its right edge.
     */
    static String inPlace(String text) {
        return CUT_LINES + HOME + text.replace("\n", CLEAR_LINE + "\n") + CLEAR_BELOW + WRAP_LINES;
    }
}

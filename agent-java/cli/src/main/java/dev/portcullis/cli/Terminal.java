// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The terminal that the command prints to, if it does. */
final class Terminal {
    private static final String HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";
    private static final String CUT_LINES = "\033[?7l";
    private static final String WRAP_LINES = "\033[?7h";

    private static final int STANDARD_ROWS = 24;

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

    /** How many lines it shows; as many as terminals always had if that can't be told. */
    static int rows() {
        try {
            Process size =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String rows = size.inputReader().readLine();
            size.waitFor();
            return rows == null ? STANDARD_ROWS : Integer.parseInt(rows.split(" ")[0]);
        } catch (IOException | NumberFormatException e) {
            return STANDARD_ROWS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return STANDARD_ROWS;
        }
    }

    /**
     * Text over what the screen shows: written over line by line, which does not flicker, and cut
     * at its right and lower edge.
     *
     * @param rows of the screen
     */
    static String inPlace(String text, int rows) {
        List<String> lines = text.lines().limit(rows - 1L).toList();
        return CUT_LINES
                + HOME
                + String.join("", lines.stream().map(l -> l + CLEAR_LINE + "\n").toList())
                + CLEAR_BELOW
                + WRAP_LINES;
    }
}

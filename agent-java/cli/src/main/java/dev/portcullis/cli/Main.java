// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The process. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        ClientLogging.quiet();
        int exitCode =
                CommandLines.create(utf8(FileDescriptor.out), utf8(FileDescriptor.err))
                        .execute(args);
        System.exit(exitCode);
    }

    /** The messages are UTF-8, whatever the locale of a unit or a cron job. */
    private static PrintWriter utf8(FileDescriptor file) {
        return new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(file), StandardCharsets.UTF_8), true);
    }
}

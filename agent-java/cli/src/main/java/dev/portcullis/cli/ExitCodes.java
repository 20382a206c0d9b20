// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

/** What the process ends with; the help of every command lists them. */
final class ExitCodes {
    static final int OK = 0;

    /** The agent or the check of the files said no, and nothing was changed. */
    static final int REFUSED = 1;

    static final int USAGE = 2;

    static final int UNREACHABLE = 3;

    /** {@code explain --exit-code} found that the packet is dropped. */
    static final int DROPPED = 10;

    private ExitCodes() {}
}

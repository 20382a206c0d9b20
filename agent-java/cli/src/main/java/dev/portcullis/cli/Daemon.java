// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The agent module, as the command starts it. */
final class Daemon {
    private Daemon() {}

    static int run(Path config) {
        if (Files.isReadable(config)) {
            return ExitCodes.REFUSED; // until the agent module is there
        }
        throw CommandFailure.refused(config + " can't be read: name one that can with --config");
    }
}

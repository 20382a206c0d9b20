// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** Options of commands that change one thing. */
final class TransactionOptions {
    @Option(names = "--dry-run", description = "check and plan, and change nothing")
    boolean dryRun;

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "refuse if the agent's revision is another one")
    private Long expectedRevision;

    @Option(
            names = "--force",
            description =
                    "carry it out even if it cuts this connection, or sessions of SSH to the host")
    boolean force;

    @Option(
            names = "--confirm-timeout",
            paramLabel = "TIME",
            defaultValue = "",
            description =
                    "take it back after so long, such as 60s, unless \"portcullis confirm\" is run;"
                            + " also if the agent has died meanwhile")
    String confirmTimeout;

    OptionalLong expected() {
        return expectedRevision == null ? OptionalLong.empty() : OptionalLong.of(expectedRevision);
    }
}

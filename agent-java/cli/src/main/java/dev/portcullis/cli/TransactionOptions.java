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

    OptionalLong expected() {
        return expectedRevision == null ? OptionalLong.empty() : OptionalLong.of(expectedRevision);
    }
}

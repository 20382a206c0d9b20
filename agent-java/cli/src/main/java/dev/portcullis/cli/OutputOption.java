// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import picocli.CommandLine.Option;

/** The {@code -o} of the commands that have an answer to print. */
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description =
                    "how to print: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). yaml and"
                            + " json have the fields of proto/portcullis/v1.")
    OutputFormat format = OutputFormat.table;
}

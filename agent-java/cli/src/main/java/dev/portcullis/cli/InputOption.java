// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.Documents;
import java.util.List;
import picocli.CommandLine.Option;

/** The {@code -f} of the commands that read objects. */
final class InputOption {
    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|DIR|-",
            required = true,
            description =
                    "YAML or JSON objects: a file, the .yaml, .yml and .json files of a directory by"
                            + " name, or - for standard input. Can be given more than once.")
    private List<String> files;

    Documents read() {
        return DocumentReader.read(new InputFiles(System.in).read(files));
    }
}

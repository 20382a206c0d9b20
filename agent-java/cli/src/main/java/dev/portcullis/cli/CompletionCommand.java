// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Prints the completion script for bash.",
        footer = {
            "  source <(portcullis completion)",
            "  portcullis completion > /etc/bash_completion.d/portcullis"
        })
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand private Portcullis portcullis;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        portcullis.out().print(AutoComplete.bash("portcullis", spec.root().commandLine()));
        portcullis.out().flush();
        return ExitCodes.OK;
    }
}

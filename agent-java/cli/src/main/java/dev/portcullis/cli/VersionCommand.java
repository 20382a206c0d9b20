// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "version",
        description = "Prints the version of this command. The agent's own is in status.",
        footer = "  portcullis version")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @ParentCommand private Portcullis portcullis;

    @Override
    public Integer call() {
        portcullis.out().println(getVersion()[0]);
        return ExitCodes.OK;
    }

    @Override
    public String[] getVersion() {
        String version =
                Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                        .orElse("development");
        return new String[] {"portcullis " + version + " (Java " + Runtime.version() + ")"};
    }
}

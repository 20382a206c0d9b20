// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.agent.Restore;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "restore",
        description = {
            "Loads the stored rules into the kernel and ends, as a boot does before the network is"
                    + " there. The daemon takes them over when it starts.",
            "",
            "Needs neither the network nor what only the daemon does, such as certificates. If the"
                    + " configuration is wrong, the one is used that the daemon last started with."
        },
        footer = {
            "  portcullis restore --config /etc/portcullis/agent.yaml",
            "  systemctl start portcullis-restore   what a boot does"
        })
final class RestoreCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/portcullis/agent.yaml",
            description = "the agent's configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Override
    public Integer call() {
        ClientLogging.handOver();
        return Restore.run(config);
    }
}

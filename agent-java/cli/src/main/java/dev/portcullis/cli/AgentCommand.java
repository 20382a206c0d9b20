// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import dev.portcullis.agent.Agent;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "agent",
        description =
                "Runs the daemon in the foreground until SIGTERM. The kernel goes on judging by the"
                        + " last rules after it has ended; detach ends that.",
        footer = {
            "  portcullis agent --config /etc/portcullis/agent.yaml",
            "  systemctl start portcullis   what a host does"
        })
final class AgentCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "/etc/portcullis/agent.yaml",
            description = "its configuration (default: ${DEFAULT-VALUE})")
    private Path config;

    @Option(
            names = "--force",
            description =
                    "start even if a failsafe list that was narrowed in the configuration cuts"
                            + " sessions of SSH to the host")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        ClientLogging.handOver();
        return Agent.run(config, force);
    }
}

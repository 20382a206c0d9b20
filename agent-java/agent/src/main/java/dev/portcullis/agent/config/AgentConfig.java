// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.config;

import dev.portcullis.agent.names.DnsSettings;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.policy.validation.Quota;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent is started with.
 *
 * @param socket where it listens
 * @param listener where it listens too, over TLS
 * @param metrics the address of the metrics page
 * @param dns where names are looked up
 * @param azureConnections a file with the private endpoints that are connected to private link
 *     services of Azure
 * @param quota how much the objects may hold
 * @param revisions how many revisions of them to keep
 * @param sshPorts local ports of connections that a push must not cut
 * @param closeWhenStateIsLost whether a boot that finds nothing whole in the state directory lets
 *     nobody in
 */
public record AgentConfig(
        Dataplane.Options dataplane,
        Path stateDirectory,
        Path socket,
        Optional<Listener> listener,
        Optional<InetSocketAddress> metrics,
        DnsSettings dns,
        Optional<Path> azureConnections,
        Quota quota,
        int revisions,
        Set<Integer> sshPorts,
        boolean closeWhenStateIsLost) {
    /**
     * A TCP port for clients that show a certificate.
     *
     * @param certificate PEM, like {@code key} (PKCS #8) and {@code clientCa}
     */
    public record Listener(InetSocketAddress address, Path certificate, Path key, Path clientCa) {}
}

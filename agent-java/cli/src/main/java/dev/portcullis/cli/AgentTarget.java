// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import java.nio.file.Path;

/** Where the agent listens. */
sealed interface AgentTarget {
    /** The agent's Unix socket, guarded by its permissions. */
    record Socket(Path path) implements AgentTarget {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** The agent's TCP port: TLS, both sides with certificates. */
    record Network(String host, int port, Path ca, Path certificate, Path key)
            implements AgentTarget {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }
}

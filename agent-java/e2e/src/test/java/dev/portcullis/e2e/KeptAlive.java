// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import java.io.IOException;
import java.util.List;

/** An HTTP connection that stays open: keepalive.py. */
final class KeptAlive {
    private final Process process;

    /** Connects; it ends with the network. */
    KeptAlive(Network network, String namespace, String source, String address, int port) {
        process =
                network.start(
                        namespace,
                        List.of(
                                "python3",
                                Network.resource("keepalive.py"),
                                source,
                                address,
                                Integer.toString(port)),
                        "connected");
    }

    /**
     * Asks, unless the last question is open yet.
     *
     * @return the answer, or silent if none comes in time
     */
    String ask(double seconds) throws IOException {
        process.outputWriter().write(seconds + "\n");
        process.outputWriter().flush();
        return process.inputReader().readLine();
    }
}

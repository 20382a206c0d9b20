// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import dev.portcullis.api.v1.InterfaceStatus;
import dev.portcullis.api.v1.StatusRequest;
import io.grpc.StatusException;
import java.nio.file.Files;

/** An interface of the server that comes and goes, whose other end is at client 1. */
final class Flapping {
    static final String NAME = "late0";

    private final Network network;
    private final Agent agent;
    private final Client client;

    Flapping(Network network, Agent agent, Client client) {
        this.network = network;
        this.agent = agent;
        this.client = client;
    }

    /** Makes it, and sets it up. */
    void make() {
        Network.ip(
                "-n",
                network.server(),
                "link",
                "add",
                NAME,
                "type",
                "veth",
                "peer",
                "name",
                "late",
                "netns",
                network.client(1));
        set("up");
    }

    void delete() {
        Network.ip("-n", network.server(), "link", "del", NAME);
    }

    void set(String state) {
        Network.ip("-n", network.server(), "link", "set", NAME, state);
    }

    /** Waits until the daemon says so and has pinned it. */
    void awaitGuarded() {
        String line = Network.ip("-n", network.server(), "-o", "link", "show", NAME).out();
        int index = Integer.parseInt(line.substring(0, line.indexOf(':')));
        Agent.await(NAME + " is guarded again", () -> isGuarded(index) && isPinned(index));
    }

    private boolean isGuarded(int index) {
        try {
            return client
                    .portcullis()
                    .status(StatusRequest.getDefaultInstance())
                    .getInterfacesList()
                    .stream()
                    .anyMatch(status -> isGuarded(status, index));
        } catch (StatusException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isGuarded(InterfaceStatus status, int index) {
        return status.getName().equals(NAME)
                && status.getIndex() == index
                && status.getMode().equals("native");
    }

    private boolean isPinned(int index) {
        String name = Integer.toString(index);
        return Files.exists(agent.bpffs().resolve("links").resolve(name))
                && Files.exists(agent.bpffs().resolve("egress").resolve(name));
    }
}

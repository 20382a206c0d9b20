// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;

/** A TCP connection that came in, and through which somebody works on this host. */
public record Session(Address local, int localPort, Address remote, int remotePort) {
    private static final int TCP = 6;

    /** Those to local ports that are open at this moment, loopback left out. */
    public static List<Session> open(Set<Integer> ports) {
        return SocketTables.read().stream()
                .filter(socket -> socket.protocol() == TCP && !socket.begunHere())
                .filter(socket -> ports.contains(socket.localPort()))
                .map(socket ->
                        new Session(
                                socket.local(),
                                socket.localPort(),
                                socket.remote(),
                                socket.remotePort()))
                .filter(session -> !isLoopback(session.remote))
                .toList();
    }

    private static boolean isLoopback(Address address) {
        try {
            return InetAddress.getByAddress(address.bytes()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return remote + " port " + remotePort + " to " + local + " port " + localPort;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.RouteSocket;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Hears when interfaces or addresses of the network namespace that the agent runs in change. What
 * changed is not looked at: who hears of it asks how everything is now, and so can't miss a part.
 * One thread waits, and closes.
 */
public final class InterfaceWatch implements AutoCloseable {
    /** What of a message does not fit is lost, and so would be the rest of it. */
    private final ByteBuffer message = ByteBuffer.allocateDirect(4096);

    private final RouteSocket socket;

    private InterfaceWatch(RouteSocket socket) {
        this.socket = socket;
    }

    /** Hears of what changes from now on. */
    public static InterfaceWatch open(Libbpf libbpf) {
        return new InterfaceWatch(
                RouteSocket.open(
                        libbpf,
                        RouteSocket.Group.INTERFACES,
                        RouteSocket.Group.IPV4_ADDRESSES,
                        RouteSocket.Group.IPV6_ADDRESSES));
    }

    /**
     * Waits for a change, and takes all those that have come as one.
     *
     * @return false after the time, if there was none
     */
    public boolean await(Duration timeout) {
        if (!socket.await(timeout)) {
            return false;
        }
        while (anotherMessage()) {
            // All of them say the same: look.
        }
        return true;
    }

    private boolean anotherMessage() {
        try {
            return socket.receive(message) > 0;
        } catch (BpfException e) {
            if (e.errnoName().equals("ENOBUFS")) {
                // Some were lost, and those that were not are still there.
                return true;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_ESTABLISHED;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_KEY_SIZE;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_LOCAL;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_LOCAL_PORT;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_PROTOCOL;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_REMOTE;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_REMOTE_PORT;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_SEEN;
import static dev.portcullis.dataplane.KernelLayout.CONVERSATION_SIZE;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.UpdateMode;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Resource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The conversations that the kernel programs know. */
final class Conversations {
    private static final Logger LOG = LoggerFactory.getLogger(Conversations.class);
    private static final int UDP = 17;

    private final KernelObject object;

    Conversations(KernelObject object) {
        this.object = object;
    }

    /**
     * Whether something is about to be protected that was not, so that conversations that are going
     * on have to be made known. For interfaces that are not guarded yet, attaching does it.
     */
    static boolean begin(DesiredState before, DesiredState next) {
        return Arrays.stream(Direction.values())
                .anyMatch(direction -> {
                    Map<String, Resource> closed = before.closed(direction);
                    return next.closed(direction).entrySet().stream()
                            .anyMatch(now -> !now.getValue().equals(closed.get(now.getKey())));
                });
    }

    /** Notes those that begin from now on, whether or not their answers can be denied. */
    void noteAll() {
        note(true);
    }

    /**
     * Should the kernel refuse, more is noted than is needed, until the next commit that begins.
     */
    void noteNoMore() {
        try {
            note(false);
        } catch (BpfException e) {
            LOG.warn("event=noting_goes_on error=\"{}\"", e.getMessage());
        }
    }

    private void note(boolean all) {
        object.map("noting").update(Slot.word(0), Slot.word(all ? 1 : 0));
    }

    /** Makes known what was begun before it could be noted. */
    void seed(List<Socket> sockets) {
        BpfMap outbound = object.map("outbound");
        BpfMap inbound = object.map("inbound");
        BpfMap ports = object.map("outbound_ports");
        ByteBuffer one = ByteBuffer.allocate(1).put(0, (byte) 1);
        for (Socket socket : sockets) {
            if (socket.begunHere()) {
                ports.update(Slot.word(portEntry(socket)), one.clear());
            }
            add(socket.begunHere() ? outbound : inbound, key(socket));
        }
    }

    private static int portEntry(Socket socket) {
        return socket.localPort()
                + switch (socket.protocol()) {
                    case Socket.TCP -> KernelLayout.PORT_TABLE_TCP;
                    case UDP -> KernelLayout.PORT_TABLE_UDP;
                    default -> KernelLayout.PORT_TABLE_SCTP;
                };
    }

    private static void add(BpfMap map, ByteBuffer key) {
        ByteBuffer value = buffer(CONVERSATION_SIZE);
        value.putInt(CONVERSATION_SEEN, (int) (System.nanoTime() >> KernelLayout.TIME_SHIFT));
        value.put(CONVERSATION_ESTABLISHED, (byte) 1);
        try {
            map.update(key, value, UpdateMode.NOEXIST);
        } catch (BpfException e) {
            // The kernel programs know it already, and more of it.
            if (!e.errnoName().equals("EEXIST")) {
                throw e;
            }
        }
    }

    static ByteBuffer key(Socket socket) {
        ByteBuffer key = buffer(CONVERSATION_KEY_SIZE);
        key.put(CONVERSATION_LOCAL, socket.local().bytes());
        key.put(CONVERSATION_REMOTE, socket.remote().bytes());
        key.putShort(CONVERSATION_LOCAL_PORT, (short) socket.localPort());
        key.putShort(CONVERSATION_REMOTE_PORT, (short) socket.remotePort());
        key.put(CONVERSATION_PROTOCOL, (byte) socket.protocol());
        key.put(CONVERSATION_FAMILY, (byte) (socket.local().family() == Family.IPV4 ? 4 : 6));
        return key;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}

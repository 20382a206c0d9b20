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
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The conversations that the kernel programs know. */
final class Conversations {
    private static final int UDP = 17;

    private final KernelObject object;

    Conversations(KernelObject object) {
        this.object = object;
    }

    /**
     * Notes those that begin from now on, whether or not their answers can be denied; or no longer.
     */
    void noteAll(boolean on) {
        object.map("noting").update(Slot.word(0), Slot.word(on ? 1 : 0));
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

    /** What {@link #key} was made of; nothing tells who began. */
    static Socket socket(ByteBuffer key) {
        int bytes = key.get(CONVERSATION_FAMILY) == 4 ? 4 : 16;
        return new Socket(
                key.get(CONVERSATION_PROTOCOL),
                address(key, CONVERSATION_LOCAL, bytes),
                Short.toUnsignedInt(key.getShort(CONVERSATION_LOCAL_PORT)),
                address(key, CONVERSATION_REMOTE, bytes),
                Short.toUnsignedInt(key.getShort(CONVERSATION_REMOTE_PORT)),
                false);
    }

    private static Address address(ByteBuffer key, int at, int bytes) {
        byte[] address = new byte[bytes];
        key.get(at, address);
        return Address.ofBytes(address);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.GenericSocket;
import dev.portcullis.libbpf.Libbpf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Asks the kernel's family {@code netdev} of generic netlink (Linux 6.3 and newer) what drivers can
 * do with XDP. Its messages go on after the header with a command u8, a version u8, and two unused
 * bytes; attributes begin at byte 20.
 *
 * @see <a href="https://docs.kernel.org/netlink/specs/netdev.html">netdev</a>
 */
final class DriverQuestion implements AutoCloseable {
    private static final NetlinkParts PARTS =
            new NetlinkParts("what the drivers of this host can do is not known");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ROOM = 1 << 16;
    private static final int ATTRIBUTES = NetlinkParts.HEADER + 4;
    private static final short NLM_F_REQUEST = 1;

    /** The family that knows the others. */
    private static final short CONTROLLER = 16;

    private static final byte CTRL_CMD_GETFAMILY = 3;
    private static final short CTRL_ATTR_FAMILY_ID = 1;
    private static final short CTRL_ATTR_FAMILY_NAME = 2;

    private static final byte NETDEV_CMD_DEV_GET = 1;
    private static final short NETDEV_A_DEV_IFINDEX = 1;
    private static final short NETDEV_A_DEV_XDP_FEATURES = 3;

    /** Pass, drop, and send back where it came in: all that the program does. */
    private static final long NETDEV_XDP_ACT_BASIC = 1;

    private final GenericSocket socket;
    private final OptionalInt family;
    private int sequence;

    private DriverQuestion(GenericSocket socket) {
        this.socket = socket;
        family = family();
    }

    static DriverQuestion open(Libbpf libbpf) {
        GenericSocket socket = GenericSocket.open(libbpf);
        try {
            return new DriverQuestion(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** The family's number; empty on a kernel that has none of that name. */
    private OptionalInt family() {
        byte[] name = "netdev\0".getBytes(StandardCharsets.US_ASCII);
        Optional<ByteBuffer> number =
                ask(CONTROLLER, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, name)
                        .flatMap(answer -> attribute(answer, CTRL_ATTR_FAMILY_ID));
        return number.map(value -> OptionalInt.of(value.getChar(NetlinkParts.ATTRIBUTE_HEADER)))
                .orElse(OptionalInt.empty());
    }

    /** What the driver of an interface of this network namespace can do. */
    NativeXdp ask(int ifindex) {
        if (family.isEmpty()) {
            return NativeXdp.UNKNOWN;
        }
        byte[] index =
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(ifindex)
                        .array();
        return ask((short) family.getAsInt(), NETDEV_CMD_DEV_GET, NETDEV_A_DEV_IFINDEX, index)
                .flatMap(answer -> attribute(answer, NETDEV_A_DEV_XDP_FEATURES))
                .map(features -> features.getLong(NetlinkParts.ATTRIBUTE_HEADER))
                .map(bits ->
                        (bits & NETDEV_XDP_ACT_BASIC) != 0
                                ? NativeXdp.SUPPORTED
                                : NativeXdp.MISSING)
                .orElse(NativeXdp.UNKNOWN);
    }

    /** The answer's message; empty if it is an error, such as that there is no such thing. */
    private Optional<ByteBuffer> ask(short type, byte command, short attribute, byte[] value) {
        sequence++;
        socket.send(question(type, command, attribute, value));
        while (true) {
            if (!socket.await(PATIENCE)) {
                throw new DataplaneException(
                        "what the drivers of this host can do is not known: the kernel does not answer");
            }
            ByteBuffer part = ByteBuffer.allocateDirect(ROOM).order(ByteOrder.nativeOrder());
            part.limit(socket.receive(part));
            while (part.remaining() >= NetlinkParts.HEADER) {
                ByteBuffer message = PARTS.nextMessage(part);
                if (message.getInt(8) == sequence) {
                    boolean error = message.getShort(4) == NetlinkParts.NLMSG_ERROR;
                    return error ? Optional.empty() : Optional.of(message);
                }
            }
        }
    }

    private ByteBuffer question(short type, byte command, short attribute, byte[] value) {
        int attributeLength = NetlinkParts.ATTRIBUTE_HEADER + value.length;
        int length = ATTRIBUTES + (attributeLength + 3) / 4 * 4;
        return ByteBuffer.allocateDirect(length)
                .order(ByteOrder.nativeOrder())
                .putInt(0, length)
                .putShort(4, type)
                .putShort(6, NLM_F_REQUEST)
                .putInt(8, sequence)
                .put(NetlinkParts.HEADER, command)
                .put(NetlinkParts.HEADER + 1, (byte) 1)
                .putShort(ATTRIBUTES, (short) attributeLength)
                .putShort(ATTRIBUTES + 2, attribute)
                .put(ATTRIBUTES + NetlinkParts.ATTRIBUTE_HEADER, value);
    }

    private static Optional<ByteBuffer> attribute(ByteBuffer message, int type) {
        ByteBuffer attributes = message.duplicate().order(message.order()).position(ATTRIBUTES);
        while (attributes.remaining() >= NetlinkParts.ATTRIBUTE_HEADER) {
            ByteBuffer attribute = PARTS.nextAttribute(attributes);
            if (NetlinkParts.type(attribute) == type) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        socket.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer of rtnetlink that comes in parts. A part is messages one after the other, each at a
 * multiple of 4 bytes:
 *
 * <pre>
 *  0  length, header included   u32
 *  4  type                      u16
 *  6  flags                     u16
 *  8  sequence                  u32
 * 12  socket                    u32
 * 16  of an interface: family u8, unused u8, type u16, index i32, flags u32, change u32
 * 32  attributes, each at a multiple of 4 bytes: length u16, type u16, value
 * </pre>
 *
 * @see <a href="https://docs.kernel.org/userspace-api/netlink/intro.html">netlink</a>
 */
final class InterfaceMessages {
    private static final int ALIGNMENT = 4;
    private static final int HEADER = 16;
    private static final int TYPE = 18;
    private static final int INDEX = 20;
    private static final int FLAGS = 24;
    private static final int ATTRIBUTES = 32;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ATTRIBUTE_TYPE = 0x3fff;

    private static final short NLMSG_ERROR = 2;
    private static final short NLMSG_DONE = 3;
    private static final short RTM_NEWLINK = 16;
    private static final int NLM_F_DUMP_INTR = 0x10;

    private static final int ARPHRD_ETHER = 1;
    private static final int IFF_LOWER_UP = 1 << 16;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_INFO_KIND = 1;

    private final int sequence;
    private final List<HostInterface> interfaces = new ArrayList<>();
    private boolean whole;
    private boolean consistent = true;

    /**
     * @param sequence of the question; what answers others is passed over
     */
    InterfaceMessages(int sequence) {
        this.sequence = sequence;
    }

    /**
     * Takes the next part.
     *
     * @throws DataplaneException if it is an error, or cut short
     */
    void read(ByteBuffer part) {
        while (part.remaining() >= HEADER) {
            ByteBuffer message = next(part, part.getInt(part.position()), HEADER);
            if (message.getInt(8) == sequence) {
                take(message);
            }
        }
    }

    private void take(ByteBuffer message) {
        consistent &= (message.getShort(6) & NLM_F_DUMP_INTR) == 0;
        switch (message.getShort(4)) {
            case RTM_NEWLINK -> interfaces.add(read(message.getInt(INDEX), message));
            case NLMSG_DONE -> whole = true;
            case NLMSG_ERROR ->
                    throw new DataplaneException(
                            "the interfaces of this host can't be listed: the kernel answers with"
                                    + " error "
                                    + -message.getInt(HEADER));
            default -> {}
        }
    }

    private static HostInterface read(int index, ByteBuffer message) {
        String name = "";
        String kind = "";
        int parent = 0;
        int master = 0;
        boolean elsewhere = false;
        ByteBuffer attributes = message.duplicate().order(message.order()).position(ATTRIBUTES);
        while (attributes.remaining() >= ATTRIBUTE_HEADER) {
            ByteBuffer attribute = nextAttribute(attributes);
            switch (type(attribute)) {
                case IFLA_IFNAME -> name = text(attribute);
                case IFLA_LINK -> parent = attribute.getInt(ATTRIBUTE_HEADER);
                case IFLA_LINK_NETNSID -> elsewhere = true;
                case IFLA_MASTER -> master = attribute.getInt(ATTRIBUTE_HEADER);
                case IFLA_LINKINFO -> kind = kind(attribute.position(ATTRIBUTE_HEADER));
                default -> {}
            }
        }
        boolean ethernet = message.getChar(TYPE) == ARPHRD_ETHER;
        boolean carrier = (message.getInt(FLAGS) & IFF_LOWER_UP) != 0;
        // An index of another namespace means some other interface in this one.
        return new HostInterface(
                name, index, ethernet, kind, elsewhere ? 0 : parent, master, carrier);
    }

    private static String kind(ByteBuffer attributes) {
        while (attributes.remaining() >= ATTRIBUTE_HEADER) {
            ByteBuffer attribute = nextAttribute(attributes);
            if (type(attribute) == IFLA_INFO_KIND) {
                return text(attribute);
            }
        }
        return "";
    }

    private static ByteBuffer nextAttribute(ByteBuffer from) {
        return next(from, from.getChar(from.position()), ATTRIBUTE_HEADER);
    }

    private static int type(ByteBuffer attribute) {
        return attribute.getChar(2) & ATTRIBUTE_TYPE;
    }

    /** The string up to its NUL, which the kernel always writes. */
    private static String text(ByteBuffer attribute) {
        byte[] bytes = new byte[attribute.limit() - ATTRIBUTE_HEADER];
        attribute.get(ATTRIBUTE_HEADER, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** What begins here, and steps over it and its padding. */
    private static ByteBuffer next(ByteBuffer from, int length, int least) {
        if (length < least || length > from.remaining()) {
            throw new DataplaneException(
                    "the interfaces of this host can't be listed: the kernel's answer is cut short");
        }
        ByteBuffer part = from.slice(from.position(), length).order(from.order());
        int padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        from.position(Math.min(from.position() + padded, from.limit()));
        return part;
    }

    /** Whether the last part was read. */
    boolean isWhole() {
        return whole;
    }

    /** Whether nothing changed while the kernel told the parts. */
    boolean isConsistent() {
        return consistent;
    }

    /** Those that were read so far. */
    List<HostInterface> interfaces() {
        return interfaces;
    }
}

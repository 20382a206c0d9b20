// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer of rtnetlink that comes in parts. A part is messages one after the other, and one about
 * an interface goes on after its header with:
 *
 * <pre>
 * 16  family u8, unused u8, type u16, index i32, flags u32, change u32
 * 32  attributes
 * </pre>
 */
final class InterfaceMessages {
    private static final NetlinkParts PARTS =
            new NetlinkParts("the interfaces of this host can't be listed");

    private static final int TYPE = 18;
    private static final int INDEX = 20;
    private static final int FLAGS = 24;
    private static final int ATTRIBUTES = 32;

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
        while (part.remaining() >= NetlinkParts.HEADER) {
            ByteBuffer message = PARTS.nextMessage(part);
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
            case NetlinkParts.NLMSG_ERROR ->
                    throw new DataplaneException(
                            "the interfaces of this host can't be listed: the kernel answers with"
                                    + " error "
                                    + -message.getInt(NetlinkParts.HEADER));
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
        while (attributes.remaining() >= NetlinkParts.ATTRIBUTE_HEADER) {
            ByteBuffer attribute = PARTS.nextAttribute(attributes);
            switch (NetlinkParts.type(attribute)) {
                case IFLA_IFNAME -> name = NetlinkParts.text(attribute);
                case IFLA_LINK -> parent = attribute.getInt(NetlinkParts.ATTRIBUTE_HEADER);
                case IFLA_LINK_NETNSID -> elsewhere = true;
                case IFLA_MASTER -> master = attribute.getInt(NetlinkParts.ATTRIBUTE_HEADER);
                case IFLA_LINKINFO ->
                        kind = kind(attribute.position(NetlinkParts.ATTRIBUTE_HEADER));
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
        while (attributes.remaining() >= NetlinkParts.ATTRIBUTE_HEADER) {
            ByteBuffer attribute = PARTS.nextAttribute(attributes);
            if (NetlinkParts.type(attribute) == IFLA_INFO_KIND) {
                return NetlinkParts.text(attribute);
            }
        }
        return "";
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

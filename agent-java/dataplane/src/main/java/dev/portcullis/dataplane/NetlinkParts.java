// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Takes answers of netlink apart: messages, one after the other, and in them attributes, each at a
 * multiple of 4 bytes.
 *
 * <pre>
 *  0  length of a message, header included   u32
 *  4  type                                   u16
 *  6  flags                                  u16
 *  8  sequence                               u32
 * 12  socket                                 u32
 * 16  what the type wants, then attributes: length u16, type u16, value
 * </pre>
 *
 * @see <a href="https://docs.kernel.org/userspace-api/netlink/intro.html">netlink</a>
 */
final class NetlinkParts {
    static final int HEADER = 16;
    static final int ATTRIBUTE_HEADER = 4;
    static final short NLMSG_ERROR = 2;

    private static final int ALIGNMENT = 4;
    private static final int ATTRIBUTE_TYPE = 0x3fff;

    private final String failure;

    /**
     * @param failure what a message begins with that tells of an answer that can't be read
     */
    NetlinkParts(String failure) {
        this.failure = failure;
    }

    /** The message that begins here; steps over it and its padding. */
    ByteBuffer nextMessage(ByteBuffer from) {
        return next(from, from.getInt(from.position()), HEADER);
    }

    /** The attribute that begins here, likewise. */
    ByteBuffer nextAttribute(ByteBuffer from) {
        return next(from, from.getChar(from.position()), ATTRIBUTE_HEADER);
    }

    private ByteBuffer next(ByteBuffer from, int length, int least) {
        if (length < least || length > from.remaining()) {
            throw new DataplaneException(failure + ": the kernel's answer is cut short");
        }
        ByteBuffer part = from.slice(from.position(), length).order(from.order());
        int padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        from.position(Math.min(from.position() + padded, from.limit()));
        return part;
    }

    static int type(ByteBuffer attribute) {
        return attribute.getChar(2) & ATTRIBUTE_TYPE;
    }

    /** The string up to its NUL, which the kernel always writes. */
    static String text(ByteBuffer attribute) {
        byte[] bytes = new byte[attribute.limit() - ATTRIBUTE_HEADER];
        attribute.get(ATTRIBUTE_HEADER, bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}

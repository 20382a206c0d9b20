// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.IDENTITY_CONVERSATION_LAYOUT;
import static dev.portcullis.dataplane.KernelLayout.IDENTITY_LASTING_LAYOUT;
import static dev.portcullis.dataplane.KernelLayout.IDENTITY_OBJECT;
import static dev.portcullis.dataplane.KernelLayout.IDENTITY_SIZE;

import dev.portcullis.libbpf.BpfMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Whose maps a pinned object's are. Their shapes alone don't tell: another version may mean
 * something else by the same bytes.
 *
 * @param object the SHA-256 of the object with the programs, in hexadecimal
 * @param lastingLayout the version of what outlives the programs, such as counters
 * @param conversationLayout that of conversations
 */
record ObjectIdentity(String object, int lastingLayout, int conversationLayout) {
    private static final int HASH_SIZE = 32;

    static ObjectIdentity of(byte[] elf) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(elf);
            return new ObjectIdentity(
                    HexFormat.of().formatHex(hash),
                    KernelLayout.LASTING_LAYOUT,
                    KernelLayout.CONVERSATION_LAYOUT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a map {@code identity} of any version holds. */
    static ObjectIdentity read(BpfMap map) {
        ByteBuffer value = buffer(map.valueSize());
        map.lookup(Slot.word(0), value);
        byte[] hash = new byte[HASH_SIZE];
        value.get(IDENTITY_OBJECT, hash);
        return new ObjectIdentity(
                HexFormat.of().formatHex(hash),
                value.getInt(IDENTITY_LASTING_LAYOUT),
                value.getInt(IDENTITY_CONVERSATION_LAYOUT));
    }

    void write(BpfMap map) {
        ByteBuffer value = buffer(IDENTITY_SIZE);
        value.put(IDENTITY_OBJECT, HexFormat.of().parseHex(object));
        value.putInt(IDENTITY_LASTING_LAYOUT, lastingLayout);
        value.putInt(IDENTITY_CONVERSATION_LAYOUT, conversationLayout);
        map.update(Slot.word(0), value);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}

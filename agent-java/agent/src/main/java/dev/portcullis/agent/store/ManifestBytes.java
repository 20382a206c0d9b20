// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.agent.v1.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A manifest as a file holds it: a line that names the format, the SHA-256 of the rest in 32 bytes,
 * and the message.
 */
final class ManifestBytes {
    private static final byte[] FORMAT =
            "portcullis manifest 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_SIZE = 32;

    private ManifestBytes() {}

    static byte[][] encode(Manifest manifest) {
        byte[] message = manifest.toByteArray();
        return new byte[][] {FORMAT, hash(message), message};
    }

    /**
     * @throws InvalidProtocolBufferException if the bytes are not whole
     */
    static Manifest decode(byte[] bytes) throws InvalidProtocolBufferException {
        int start = FORMAT.length + HASH_SIZE;
        if (bytes.length < start || !Arrays.equals(FORMAT, Arrays.copyOf(bytes, FORMAT.length))) {
            throw new InvalidProtocolBufferException("not a manifest of this format");
        }
        byte[] message = Arrays.copyOfRange(bytes, start, bytes.length);
        if (!Arrays.equals(hash(message), Arrays.copyOfRange(bytes, FORMAT.length, start))) {
            throw new InvalidProtocolBufferException("the checksum differs");
        }
        return Manifest.parseFrom(message);
    }

    private static byte[] hash(byte[] message) {
        return Hashing.sha256().hashBytes(message).asBytes();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.agent.v1.Manifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A manifest as a file holds it: a line that names the format's version, the SHA-256 of the rest in
 * 32 bytes, and the message.
 *
 * <p>A field that may be missing needs no new version. One that an agent must not overlook does:
 * agents before it then refuse to start, and the agents from it on read the older versions too.
 */
final class ManifestBytes {
    /** What is written, and the newest that is read. */
    private static final int VERSION = 1;

    private static final Pattern LINE = Pattern.compile("portcullis manifest ([1-9]\\d{0,8})\n");
    private static final int LONGEST_LINE = "portcullis manifest 999999999\n".length();
    private static final int HASH_SIZE = 32;

    private ManifestBytes() {}

    static byte[][] encode(Manifest manifest) {
        byte[] message = manifest.toByteArray();
        byte[] line = ("portcullis manifest " + VERSION + "\n").getBytes(StandardCharsets.US_ASCII);
        return new byte[][] {line, hash(message), message};
    }

    /**
     * @param file where they are from, for messages
     * @throws DamagedException if the bytes are not whole
     * @throws StoreException if a newer agent wrote them
     */
    static Manifest decode(Path file, byte[] bytes) throws DamagedException {
        String start =
                new String(
                        bytes,
                        0,
                        Math.min(bytes.length, LONGEST_LINE),
                        StandardCharsets.ISO_8859_1);
        Matcher line = LINE.matcher(start);
        if (!line.lookingAt()) {
            throw new DamagedException("does not begin as a manifest does");
        }
        int version = Integer.parseInt(line.group(1));
        if (version > VERSION) {
            throw new StoreException(
                    file
                            + " is of version "
                            + version
                            + " of the format, which a newer portcullis wrote, and this one reads"
                            + " versions up to "
                            + VERSION
                            + ": install the newer one again, or restore the state directory from a"
                            + " backup of before the upgrade (if no newer one ever ran here, the"
                            + " file is damaged: move it away)");
        }
        // A message of an older version is brought to this one here, once there is an older one.
        return message(bytes, line.end());
    }

    private static Manifest message(byte[] bytes, int hashStart) throws DamagedException {
        int start = hashStart + HASH_SIZE;
        if (bytes.length < start) {
            throw new DamagedException("is cut short");
        }
        byte[] message = Arrays.copyOfRange(bytes, start, bytes.length);
        if (!Arrays.equals(hash(message), Arrays.copyOfRange(bytes, hashStart, start))) {
            throw new DamagedException("does not have the checksum that was written with it");
        }
        try {
            return Manifest.parseFrom(message);
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedException("can't be read as a manifest");
        }
    }

    private static byte[] hash(byte[] message) {
        return Hashing.sha256().hashBytes(message).asBytes();
    }
}

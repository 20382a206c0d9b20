// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.policy.file.Envelope;
import dev.portcullis.policy.model.ObjectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;

/** The bytes of objects, in a file each, named by their SHA-256. */
final class ObjectFiles {
    private final Layout layout;

    ObjectFiles(Layout layout) {
        this.layout = layout;
    }

    static ByteString hash(byte[] content) {
        return ByteString.copyFrom(Hashing.sha256().hashBytes(content).asBytes());
    }

    /**
     * @throws DamagedException if the bytes are not those that were stored
     * @throws StoreException if a newer agent wrote them
     */
    Message read(StoredObject object) throws IOException, DamagedException {
        Message.Builder empty = Envelope.newObject(kind(object));
        try {
            byte[] bytes = Files.readAllBytes(layout.object(object.getSha256()));
            if (!hash(bytes).equals(object.getSha256())) {
                throw new DamagedException("is not as it was stored");
            }
            return empty.mergeFrom(bytes).build();
        } catch (NoSuchFileException e) {
            throw new DamagedException("is not there");
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedException("can't be read as a " + kind(object).label());
        }
    }

    static ObjectKind kind(StoredObject object) {
        return ObjectKind.of(object.getKind())
                .orElseThrow(() ->
                        new StoreException(
                                "the state holds a "
                                        + object.getKind()
                                        + ", which this version does not know: use the version that"
                                        + " wrote it, or a newer one"));
    }

    /**
     * Writes one that is not there as it should be; the directory is for the caller to flush.
     *
     * @return whether there was none
     */
    boolean write(ByteString hash, byte[] content) throws IOException {
        Path file = layout.object(hash);
        boolean missing = !Files.exists(file);
        if (missing
                || Files.size(file) != content.length
                || !Arrays.equals(Files.readAllBytes(file), content)) {
            Durable.put(file, content);
        }
        return missing;
    }

    void removeUnless(Predicate<ByteString> used) throws IOException {
        for (Path file : layout.files(layout.objects())) {
            if (Layout.hashOf(file).filter(used.negate()).isPresent()) {
                Files.delete(file);
            }
        }
    }
}

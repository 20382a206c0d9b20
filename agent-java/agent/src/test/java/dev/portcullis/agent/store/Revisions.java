// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import java.util.HashMap;
import java.util.Map;

/** Revisions to store: each has a policy of its own, and one that all have. */
final class Revisions {
    static final String COMMON = "common";

    private Revisions() {}

    static String own(long revision) {
        return "p" + revision;
    }

    static Policy policy(String name) {
        return Policy.newBuilder().setMetadata(Metadata.newBuilder().setName(name)).build();
    }

    static StoredObject stored(String policy) {
        return StoredObject.newBuilder()
                .setKind("Policy")
                .setName(policy)
                .setSha256(Store.hash(policy(policy).toByteArray()))
                .build();
    }

    static Manifest manifest(long revision) {
        return Manifest.newBuilder()
                .setRevision(revision)
                .addObjects(stored(COMMON))
                .addObjects(stored(own(revision)))
                .build();
    }

    static Store.Prepared prepare(Store store, long revision) {
        Map<ByteString, byte[]> contents = new HashMap<>();
        for (StoredObject object : manifest(revision).getObjectsList()) {
            contents.put(object.getSha256(), policy(object.getName()).toByteArray());
        }
        return store.prepare(manifest(revision), contents);
    }

    static void keep(Store store, long revision) {
        prepare(store, revision).publish();
    }
}

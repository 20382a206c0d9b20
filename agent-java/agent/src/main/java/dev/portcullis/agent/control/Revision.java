// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is in force.
 *
 * @param number 0 before the first transaction
 * @param objects what the store knows of each object
 * @param state the objects as values
 */
record Revision(
        long number,
        Instant time,
        SortedMap<ObjectName, StoredObject> objects,
        DesiredState state) {
    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::kind).thenComparing(ObjectName::name);

    Revision {
        objects = Collections.unmodifiableSortedMap(objects);
    }

    /** No objects yet, in the order that manifests have them. */
    static SortedMap<ObjectName, StoredObject> emptyObjects() {
        return new TreeMap<>(ORDER);
    }

    /** The manifest that the store keeps of it. */
    Manifest manifest(byte[] decisions) {
        return Manifest.newBuilder()
                .setRevision(number)
                .setTime(Times.timestamp(time))
                .addAllObjects(objects.values())
                .setDecisions(com.google.protobuf.ByteString.copyFrom(decisions))
                .build();
    }

    static ObjectName nameOf(StoredObject object) {
        for (ObjectKind kind : ObjectKind.values()) {
            if (kind.text().equals(object.getKind())) {
                return new ObjectName(kind, object.getName());
            }
        }
        throw new IllegalArgumentException("no kind " + object.getKind());
    }
}

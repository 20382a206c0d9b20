// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.StateDraft;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that is in force.
 *
 * @param number 0 before the first transaction
 * @param objects what the store knows of each object
 * @param state the objects as values
 * @param origin how it came; empty if that is not known
 * @param pending set as long as it waits to be confirmed
 */
record Revision(
        long number,
        Instant time,
        SortedMap<ObjectName, StoredObject> objects,
        DesiredState state,
        Optional<Origin> origin,
        Optional<Pending> pending) {
    private static final Comparator<ObjectName> ORDER =
            Comparator.comparing(ObjectName::kind).thenComparing(ObjectName::name);

    Revision {
        objects = Collections.unmodifiableSortedMap(objects);
    }

    /**
     * The revision that a manifest is of.
     *
     * @throws Refusal if an object of it is not valid for this version
     */
    static Revision load(Store store, Manifest manifest) {
        SortedMap<ObjectName, StoredObject> objects = objectsOf(manifest);
        StateDraft draft = new StateDraft(DesiredState.EMPTY);
        objects.forEach((name, stored) -> requireSound(draft.put(store.read(stored)), name));
        return new Revision(
                manifest.getRevision(),
                Times.instant(manifest.getTime()),
                objects,
                draft.state(),
                manifest.hasOrigin() ? Optional.of(manifest.getOrigin()) : Optional.empty(),
                Pending.of(manifest));
    }

    /** The same, which waits for nothing any more. */
    Revision confirmed() {
        return new Revision(number, time, objects, state, origin, Optional.empty());
    }

    /**
     * @param expected what this has to be the number of, if anything
     * @throws Refusal if it is another
     */
    void requireNumber(OptionalLong expected) {
        if (expected.isPresent() && expected.getAsLong() != number) {
            throw new Refusal(
                    Refusal.Cause.OUTDATED,
                    "the revision is "
                            + Long.toUnsignedString(number)
                            + " since "
                            + time
                            + howItCame()
                            + ", and "
                            + Long.toUnsignedString(expected.getAsLong())
                            + " was expected; look at what changed (\"portcullis history\"), and push"
                            + " again");
        }
    }

    /**
     * @throws Refusal if it waits to be confirmed
     */
    void requireNotPending() {
        pending.ifPresent(waits -> {
            throw new Refusal(
                    Refusal.Cause.CONFLICT,
                    "revision "
                            + number
                            + howItCame()
                            + " waits to be confirmed until "
                            + waits.until()
                            + "; confirm it (\"portcullis confirm\") or take it back"
                            + " (\"portcullis rollback\") first");
        });
    }

    /**
     * @throws Refusal if it does not wait to be confirmed
     */
    void requirePending() {
        if (pending.isEmpty()) {
            throw new Refusal(
                    Refusal.Cause.CONFLICT,
                    "nothing waits to be confirmed; the revision is " + number);
        }
    }

    private String howItCame() {
        return origin.map(o -> " " + Origins.sentence(o)).orElse("");
    }

    static SortedMap<ObjectName, StoredObject> objectsOf(Manifest manifest) {
        SortedMap<ObjectName, StoredObject> objects = emptyObjects();
        manifest.getObjectsList().forEach(stored -> objects.put(nameOf(stored), stored));
        return objects;
    }

    private static void requireSound(Checked<?> checked, ObjectName name) {
        if (!checked.violations().isEmpty()) {
            throw new Refusal(
                    Refusal.Cause.CONFLICT,
                    "the stored "
                            + name
                            + " is not valid for this version: "
                            + checked.violations().get(0));
        }
    }

    /** No objects yet, in the order that manifests have them. */
    static SortedMap<ObjectName, StoredObject> emptyObjects() {
        return new TreeMap<>(ORDER);
    }

    /** The manifest that the store keeps of it. */
    Manifest manifest(byte[] decisions) {
        Manifest.Builder manifest =
                Manifest.newBuilder()
                        .setRevision(number)
                        .setTime(Times.timestamp(time))
                        .addAllObjects(objects.values())
                        .setDecisions(com.google.protobuf.ByteString.copyFrom(decisions));
        origin.ifPresent(manifest::setOrigin);
        pending.ifPresent(waits -> manifest.setUnconfirmed(waits.message()));
        return manifest.build();
    }

    static ObjectName nameOf(StoredObject object) {
        ObjectKind kind =
                ObjectKind.of(object.getKind())
                        .orElseThrow(
                                () -> new IllegalArgumentException("no kind " + object.getKind()));
        return new ObjectName(kind, object.getName());
    }
}

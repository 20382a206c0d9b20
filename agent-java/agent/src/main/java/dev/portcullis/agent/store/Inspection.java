// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.protobuf.ByteString;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A look at everything that a starting store relies on: from the newest revision back to the first
 * whose manifest and objects are whole. Of revisions before that only the manifests are read; who
 * goes back to one of them finds out about its objects then. Changes nothing.
 */
final class Inspection {
    private final Layout layout;
    private final ObjectFiles objects;

    /** What is wrong with each object that was read; nothing with a sound one. */
    private final Map<ByteString, Optional<String>> read = new HashMap<>();

    private final SortedMap<Path, String> damaged = new TreeMap<>();
    private final List<Path> damagedObjects = new ArrayList<>();
    private final SortedMap<Long, Path> manifests;
    private final SortedSet<Long> sound = new TreeSet<>();
    private final Multiset<ByteString> references = HashMultiset.create();
    private Manifest newest;

    /**
     * @throws StoreException if a newer agent wrote some of it
     */
    Inspection(Layout layout, ObjectFiles objects) throws IOException {
        this.layout = layout;
        this.objects = objects;
        manifests = layout.manifests();
        List<Long> numbers = new ArrayList<>(manifests.keySet());
        for (int i = numbers.size() - 1; i >= 0; i--) {
            look(numbers.get(i), manifests.get(numbers.get(i)));
        }
    }

    private void look(long number, Path file) throws IOException {
        try {
            Manifest manifest = ManifestBytes.decode(file, Files.readAllBytes(file));
            if (manifest.getRevision() != number) {
                throw new DamagedException("is of revision " + manifest.getRevision());
            }
            if (newest == null) {
                requireWhole(manifest);
                newest = manifest;
            }
            sound.add(number);
            manifest.getObjectsList().forEach(object -> references.add(object.getSha256()));
        } catch (DamagedException e) {
            damaged.put(file, e.getMessage());
        }
    }

    /** Reads all, so that each damaged one is found. */
    private void requireWhole(Manifest manifest) throws IOException, DamagedException {
        DamagedException first = null;
        for (StoredObject object : manifest.getObjectsList()) {
            Optional<String> damage = read.get(object.getSha256());
            if (damage == null) {
                damage = damage(object);
                read.put(object.getSha256(), damage);
            }
            if (damage.isPresent() && first == null) {
                first = new DamagedException(described(object) + ", which " + damage.get());
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static String described(StoredObject object) {
        return "names the " + ObjectFiles.kind(object).label() + " " + object.getName();
    }

    private Optional<String> damage(StoredObject object) throws IOException {
        try {
            objects.read(object);
            return Optional.empty();
        } catch (DamagedException e) {
            Path file = layout.object(object.getSha256());
            if (Files.exists(file)) {
                damagedObjects.add(file);
            }
            return Optional.of(e.getMessage());
        }
    }

    /** Whether revisions were kept here, whole or not. */
    boolean heldAny() {
        return !manifests.isEmpty();
    }

    Optional<Manifest> newest() {
        return Optional.ofNullable(newest);
    }

    /** Manifests that can't be used, the oldest first, and why. */
    SortedMap<Path, String> damagedManifests() {
        return damaged;
    }

    List<Path> damagedObjects() {
        return damagedObjects;
    }

    /** The numbers of revisions with a sound manifest. */
    SortedSet<Long> sound() {
        return sound;
    }

    /** How many of these revisions name each object. */
    Multiset<ByteString> references() {
        return references;
    }
}

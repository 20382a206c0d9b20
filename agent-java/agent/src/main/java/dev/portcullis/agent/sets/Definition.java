// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.portcullis.policy.model.AddressSet;
import java.util.List;
import java.util.Optional;

/**
 * What a set's content depends on: all of it but how often it is read and what it is described as.
 * A copy is of one definition, so that a set that is changed never finds the content of before.
 *
 * @param source the file or URL
 * @param ca empty for what Java trusts
 * @param format empty if it is told from the content
 */
record Definition(
        String name,
        String source,
        String ca,
        String format,
        List<String> services,
        List<String> regions) {
    private static final int NAME_LENGTH = 64;
    private static final int HASH_LENGTH = 32;

    static Definition of(AddressSet set) {
        String source;
        Optional<String> ca = Optional.empty();
        if (set.origin() instanceof AddressSet.Download download) {
            source = download.url().toString();
            ca = download.ca().map(Object::toString);
        } else {
            source = ((AddressSet.LocalFile) set.origin()).path().toString();
        }
        return new Definition(
                set.name(),
                source,
                ca.orElse(""),
                set.format().map(AddressSet.Format::text).orElse(""),
                set.services(),
                set.regions());
    }

    /** A file name of its own, at most 101 characters, that begins with the set's name. */
    String fileName() {
        Hasher hasher = Hashing.sha256().newHasher();
        put(hasher, List.of(name, source, ca, format));
        put(hasher, services);
        put(hasher, regions);
        String hash = hasher.hash().toString().substring(0, HASH_LENGTH);
        return name.substring(0, Math.min(NAME_LENGTH, name.length())) + "-" + hash + ".set";
    }

    private static void put(Hasher hasher, List<String> texts) {
        hasher.putInt(texts.size());
        for (String text : texts) {
            hasher.putInt(text.length()).putUnencodedChars(text);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Violation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Sets in few words, and what is in them. */
final class SetsOfTest {
    /** Shorter than an operator may write, so that tests need not wait. */
    static final Duration OFTEN = Duration.ofMillis(100);

    private SetsOfTest() {}

    static AddressSet file(String name, Path path) {
        return set(name, new AddressSet.LocalFile(path));
    }

    static AddressSet url(String name, URI url, Path ca) {
        return url(name, url, ca, OFTEN);
    }

    static AddressSet url(String name, URI url, Path ca, Duration refresh) {
        return set(name, new AddressSet.Download(url, refresh, Optional.of(ca)));
    }

    private static AddressSet set(String name, AddressSet.Origin origin) {
        return new AddressSet(name, origin, Optional.empty(), List.of(), List.of(), "");
    }

    /** Loads and follows, as a transaction that goes well. */
    static void commit(AddressSets sets, AddressSet... wanted) {
        Loaded loaded = sets.load(List.of(wanted));
        if (!loaded.violations().isEmpty()) {
            throw new AssertionError(loaded.violations().toString());
        }
        sets.follow(List.of(wanted));
    }

    static Map<String, List<String>> texts(Map<String, SortedSet<Prefix>> prefixes) {
        return prefixes.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> entry.getValue().stream().map(Prefix::toString).toList()));
    }

    static List<String> texts(Loaded loaded) {
        return loaded.violations().stream().map(Violation::toString).toList();
    }
}

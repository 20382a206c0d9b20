// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Peers.NamePattern;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Settings for tests, quick enough to be waited for, and short questions to a book. */
final class Books {
    static final Set<NamePattern> EXAMPLE = Set.of(new NamePattern("*.example.org"));
    static final DnsSettings QUICK =
            new DnsSettings(
                    List.of(),
                    Duration.ofSeconds(2),
                    1000,
                    1000,
                    Duration.ofMillis(300),
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500));

    private Books() {}

    static DnsSettings quick(InetSocketAddress... servers) {
        return limited(QUICK.lookupsPerSecond(), QUICK.knownAddresses(), servers);
    }

    static DnsSettings limited(
            int lookupsPerSecond, int knownAddresses, InetSocketAddress... servers) {
        return new DnsSettings(
                List.of(servers),
                QUICK.timeout(),
                lookupsPerSecond,
                knownAddresses,
                QUICK.shortestTtl(),
                QUICK.longestTtl(),
                QUICK.longestNegativeTtl(),
                QUICK.unansweredFor(),
                QUICK.grace());
    }

    static Set<Address> addresses(String... texts) {
        return java.util.Arrays.stream(texts)
                .map(Address::parse)
                .collect(java.util.stream.Collectors.toSet());
    }

    static Set<Address> of(NameBook book, String name) {
        return book.names().addresses().getOrDefault(name, Set.of());
    }

    /** Has the address looked up and waits for what comes of it. */
    static Optional<Set<String>> reverse(NameBook book, String address) throws Exception {
        Address asked = Address.parse(address);
        Wait.until(
                address + " is known",
                () -> {
                    book.ask(asked);
                    return book.names().reverse().containsKey(asked);
                });
        return book.names().reverse().get(asked);
    }

    static Optional<Set<String>> known(NameBook book, String address) {
        return book.names().reverse().get(Address.parse(address));
    }

    static boolean knows(NameBook book, String address) {
        return book.names().reverse().containsKey(Address.parse(address));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.Peers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Host names, patterns that match some of them, and what DNS said of some addresses. */
final class NamePool {
    private static final List<String> HOSTS =
            List.of("db1.example.org", "db2.example.org", "web.example.net", "example.org");
    private static final List<String> PATTERNS =
            List.of("*.example.org", "db?.example.org", "*", "*.example.net", "db1*");

    private final Draw draw;
    private final Names answers;

    NamePool(Draw draw, AddressPool addresses) {
        this.draw = draw;
        Map<String, Set<Address>> hosts = new HashMap<>();
        for (String host : HOSTS) {
            hosts.put(
                    host,
                    new HashSet<>(draw.times(0, 2, () -> addresses.address(addresses.family()))));
        }
        Map<Address, Optional<Set<String>>> reverse = new HashMap<>();
        int known = draw.between(0, 6);
        for (int i = 0; i < known; i++) {
            reverse.put(
                    addresses.address(addresses.family()),
                    draw.chance(20)
                            ? Optional.empty()
                            : Optional.of(Set.copyOf(draw.someOf(HOSTS, 0, 2))));
        }
        answers = new Names(hosts, reverse);
    }

    Peers.HostName host() {
        return new Peers.HostName(draw.oneOf(HOSTS));
    }

    Peers.NamePattern pattern() {
        return new Peers.NamePattern(draw.oneOf(PATTERNS));
    }

    Names answers() {
        return answers;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How DNS is asked.
 *
 * @param servers asked in this order; none means those of {@code /etc/resolv.conf}, which is
 *     followed as it changes
 * @param timeout how long one query may take, over all servers and tries
 * @param lookupsPerSecond the most queries in a second about addresses; those about exact host
 *     names, which the operator wrote, are not counted
 * @param knownAddresses room for answers about addresses
 * @param shortestTtl an answer is kept for at least this, whatever its TTL
 * @param longestTtl and for at most this
 * @param longestNegativeTtl that there is no name or address is kept for at most this
 * @param unansweredFor how long an address for which DNS did not answer is not asked for again
 * @param grace how long an answer in use outlives its TTL while DNS does not answer; until then a
 *     refresh is tried again and again
 */
public record DnsSettings(
        List<InetSocketAddress> servers,
        Duration timeout,
        int lookupsPerSecond,
        int knownAddresses,
        Duration shortestTtl,
        Duration longestTtl,
        Duration longestNegativeTtl,
        Duration unansweredFor,
        Duration grace) {
    public static final DnsSettings DEFAULT =
            new DnsSettings(
                    List.of(),
                    Duration.ofSeconds(5),
                    100,
                    65_536,
                    Duration.ofSeconds(5),
                    Duration.ofDays(1),
                    Duration.ofHours(1),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1));

    /**
     * With the default bounds of TTLs.
     *
     * @throws IllegalArgumentException if a number or the timeout is not positive
     */
    public static DnsSettings of(
            List<InetSocketAddress> servers,
            Duration timeout,
            int lookupsPerSecond,
            int knownAddresses) {
        return new DnsSettings(
                servers,
                timeout,
                lookupsPerSecond,
                knownAddresses,
                DEFAULT.shortestTtl,
                DEFAULT.longestTtl,
                DEFAULT.longestNegativeTtl,
                DEFAULT.unansweredFor,
                DEFAULT.grace);
    }

    /**
     * @throws IllegalArgumentException if a number or a time is not positive, a bound is below the
     *     shortest TTL, or a server is not an address
     */
    public DnsSettings {
        servers = List.copyOf(servers);
        if (servers.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("servers are addresses, not names");
        }
        if (lookupsPerSecond < 1 || knownAddresses < 1) {
            throw new IllegalArgumentException("lookupsPerSecond and knownAddresses begin at 1");
        }
        if (!isPositive(timeout) || !isPositive(shortestTtl) || !isPositive(unansweredFor)) {
            throw new IllegalArgumentException("times are longer than 0");
        }
        if (longestTtl.compareTo(shortestTtl) < 0
                || longestNegativeTtl.compareTo(shortestTtl) < 0) {
            throw new IllegalArgumentException("the longest TTLs are not below the shortest");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace is 0 or longer");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** How long to keep an answer with values. */
    Duration kept(Duration ttl) {
        return between(ttl, longestTtl);
    }

    /** How long to keep an answer without any. */
    Duration keptNegative(Duration ttl) {
        return between(ttl, longestNegativeTtl);
    }

    private Duration between(Duration ttl, Duration longest) {
        Duration least = ttl.compareTo(shortestTtl) < 0 ? shortestTtl : ttl;
        return least.compareTo(longest) > 0 ? longest : least;
    }
}

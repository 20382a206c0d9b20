// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.LookupCounts.Result;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** "Look-ups are bounded in rate, so that a flood of new addresses harms nobody already known." */
class FloodTest {
    private static final int RATE = 100;
    private static final int ROOM = 50;
    private static final int KNOWN = 5;
    private static final int FLOOD = 10_000;

    @TempDir private Path directory;

    private static List<Address> flood() {
        // Of 2,500 networks.
        return LongStream.range(0, FLOOD)
                .mapToObj(i -> new Address(Family.IPV4, 0, 0x0a000000L + 256 * (i / 4) + i % 4))
                .toList();
    }

    private static void askAll(NameBook book, List<Address> addresses) {
        addresses.forEach(book::ask);
    }

    @Test
    void a_flood_of_new_addresses_harms_nobody_known_and_stays_within_its_bounds()
            throws Exception {
        StringBuilder hosts = new StringBuilder();
        IntStream.range(0, KNOWN)
                .forEach(i -> hosts.append("192.0.2.%d c%d.example.org\n".formatted(i, i)));
        List<Address> flood = flood();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--local-ttl=1");
                NameBook book = new NameBook(Books.limited(RATE, ROOM, dns.address()))) {
            dns.hosts(hosts.toString());
            book.follow(Set.of(), Books.EXAMPLE);
            for (int i = 0; i < KNOWN; i++) {
                Books.reverse(book, "192.0.2." + i);
            }
            long before = dns.queries(": query[");
            long refreshed = dns.queries("query[PTR] 0.2.0.192.in-addr.arpa ");
            long start = System.nanoTime();

            Wait.until(
                    "the first of the known was refreshed five times during the flood",
                    () -> {
                        askAll(book, flood);
                        assertThat(book.count(AddressState.NAMED)).isEqualTo(KNOWN);
                        assertThat(book.names().reverse()).hasSizeLessThanOrEqualTo(ROOM);
                        return dns.queries("query[PTR] 0.2.0.192.in-addr.arpa ") >= refreshed + 5;
                    });

            long sent = dns.queries(": query[") - before;
            double seconds = (double) (System.nanoTime() - start) / 1e9;
            // A TTL of one second each, and two queries; nothing waited for the flood.
            assertThat(seconds).isLessThan(5 * 1.5);
            // A second's worth may come at once, and what was begun is finished.
            assertThat((double) sent).isLessThan(RATE * (seconds + 1) + 16);
            assertThat((double) sent).isGreaterThan(RATE * seconds / 2);
            assertThat(book.counts().of(Kind.REVERSE, Result.REFUSED)).isPositive();
        }
    }

    @Test
    void one_network_does_not_keep_others_out() throws Exception {
        // More than can wait, of one network.
        List<Address> greedy =
                LongStream.range(0, FLOOD)
                        .mapToObj(i -> new Address(Family.IPV6, 0x20010db8_00000001L, i))
                        .toList();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,3600");
                NameBook book = new NameBook(Books.limited(10, 10_000, dns.address()))) {
            book.follow(Set.of(), Books.EXAMPLE);
            Wait.until(
                    "it follows",
                    () -> {
                        askAll(book, greedy);
                        return book.count(AddressState.UNNAMED) > 0;
                    });
            askAll(book, greedy);
            long start = System.nanoTime();

            book.ask(Address.parse("192.0.2.1"));

            Wait.until("it is known", () -> Books.knows(book, "192.0.2.1"));
            assertThat(Books.known(book, "192.0.2.1")).contains(Set.of("db.example.org"));
            // More than 60 of the greedy network wait: at 10 a second they take 6 s.
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void a_name_that_a_rule_seeks_never_gives_way() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=db.example.org,192.0.2.1,3600",
                                "--host-record=web.example.org,192.0.2.2,3600");
                NameBook book = new NameBook(Books.limited(1000, 2, dns.address()))) {
            book.follow(Set.of(), Books.EXAMPLE);
            Books.reverse(book, "192.0.2.1");
            Books.reverse(book, "192.0.2.2");

            Wait.until(
                    "newcomers are refused",
                    () -> {
                        book.ask(Address.parse("192.0.2.3"));
                        return book.counts().of(Kind.REVERSE, Result.REFUSED) > 0;
                    });

            assertThat(book.names().reverse())
                    .hasSize(2)
                    .containsEntry(
                            Address.parse("192.0.2.1"), Optional.of(Set.of("db.example.org")));
        }
    }
}

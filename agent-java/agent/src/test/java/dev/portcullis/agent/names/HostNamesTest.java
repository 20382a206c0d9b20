// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.LookupCounts.Result;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exact names: "an exact host name is resolved by the agent and refreshed by its TTL". */
class HostNamesTest {
    @TempDir private Path directory;

    private static void awaitAddresses(NameBook book, String name, String... addresses)
            throws Exception {
        Wait.until(
                name + " is " + String.join(" and ", addresses),
                () -> Books.of(book, name).equals(Books.addresses(addresses)));
    }

    private static HostState state(NameBook book, String name) {
        return book.states().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElse(new HostState(name, Set.of(), "is not followed yet"));
    }

    @Test
    void a_name_stands_for_its_addresses_of_both_families() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory, "--host-record=db.example.org,192.0.2.1,2001:db8::1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("db.example.org"), Set.of());

            awaitAddresses(book, "db.example.org", "192.0.2.1", "2001:db8::1");
            assertThat(state(book, "db.example.org").problem()).isEmpty();
        }
    }

    @Test
    void a_changed_address_is_there_when_the_ttl_ends_and_listeners_hear_of_it() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--local-ttl=1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            dns.hosts("192.0.2.1 db.example.org\n");
            book.onChange(calls::incrementAndGet);
            book.follow(Set.of("db.example.org"), Set.of());
            awaitAddresses(book, "db.example.org", "192.0.2.1");
            Wait.until("the first call", () -> calls.get() == 1);

            dns.hosts("192.0.2.2 db.example.org\n");

            awaitAddresses(book, "db.example.org", "192.0.2.2");
            Wait.until("the second call", () -> calls.get() == 2);
        }
    }

    @Test
    void nobody_is_told_of_a_refresh_that_changes_nothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--local-ttl=1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            dns.hosts("192.0.2.1 db.example.org\n");
            book.onChange(calls::incrementAndGet);
            book.follow(Set.of("db.example.org"), Set.of());

            Wait.until(
                    "it was asked for thrice", () -> dns.queries("query[A] db.example.org ") >= 3);

            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void a_name_is_not_asked_for_before_its_ttl_ends() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=long.example.org,192.0.2.1,3600",
                                "--host-record=short.example.org,192.0.2.2,1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("long.example.org", "short.example.org"), Set.of());

            Wait.until(
                    "the short one was asked for thrice",
                    () -> dns.queries("query[A] short.example.org ") >= 3);

            assertThat(dns.queries("query[A] long.example.org ")).isEqualTo(1);
        }
    }

    @Test
    void a_ttl_below_the_shortest_is_taken_for_the_shortest() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=zero.example.org,192.0.2.1,0",
                                "--host-record=one.example.org,192.0.2.2,1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("zero.example.org", "one.example.org"), Set.of());

            Wait.until(
                    "the one of a second was asked for thrice",
                    () -> dns.queries("query[A] one.example.org ") >= 3);

            // 300 ms is the shortest here.
            assertThat(dns.queries("query[A] zero.example.org ")).isBetween(3L, 12L);
        }
    }

    @Test
    void the_least_ttl_of_a_chain_of_aliases_counts() throws Exception {
        String records =
                """
                alias 1 IN CNAME target
                target 3600 IN A 192.0.2.1
                plain 3600 IN A 192.0.2.2
                """;
        int port = Server.freePort();
        try (Nsd dns = Nsd.start(directory, port, Map.of("test", Nsd.zone(3600, records)));
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("plain.test"), Set.of());
            awaitAddresses(book, "plain.test", "192.0.2.2");
            long plain = book.counts().of(Kind.FORWARD, Result.ANSWER);

            book.follow(Set.of("plain.test", "alias.test"), Set.of());

            awaitAddresses(book, "alias.test", "192.0.2.1");
            Wait.until(
                    "the alias was asked for thrice",
                    () -> book.counts().of(Kind.FORWARD, Result.ANSWER) >= plain + 3);
        }
    }

    @Test
    void an_alias_that_leads_to_another_zone_is_followed() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "test", Nsd.zone(60, "alias 60 IN CNAME target.other.\n"),
                        "other", Nsd.zone(60, "target 60 IN AAAA 2001:db8::1\n"));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("alias.test"), Set.of());

            awaitAddresses(book, "alias.test", "2001:db8::1");
        }
    }

    @Test
    void aliases_in_a_circle_end_as_a_problem() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "test", Nsd.zone(60, "a 60 IN CNAME b.other.\n"),
                        "other", Nsd.zone(60, "b 60 IN CNAME a.test.\n"));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("a.test"), Set.of());

            Wait.until(
                    "the problem is told",
                    () -> state(book, "a.test").problem().contains("more than 8 aliases"));
        }
    }

    @Test
    void that_there_is_no_address_is_kept_for_the_negative_ttl_of_the_zone() throws Exception {
        Map<String, String> zones =
                Map.of("quick", Nsd.zone(1, ""), "slow", Nsd.zone(3600, "there 60 IN TXT x\n"));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("not.slow", "there.slow"), Set.of());
            Wait.until(
                    "both are known to have none in either family",
                    () -> book.counts().of(Kind.FORWARD, Result.NEGATIVE) == 4);

            book.follow(Set.of("not.slow", "there.slow", "not.quick"), Set.of());

            // Two families of the quick one; were the others asked for too, it would be 12 at once.
            Wait.until(
                    "the quick one was asked for thrice",
                    () -> book.counts().of(Kind.FORWARD, Result.NEGATIVE) == 4 + 3 * 2);
            assertThat(state(book, "not.slow").problem()).isEqualTo("has no address in DNS");
            assertThat(book.names().addresses()).isEmpty();
        }
    }

    @Test
    void the_last_answer_stays_while_a_server_fails() throws Exception {
        int port = Server.freePort();
        String zone = Nsd.zone(1, "db 1 IN A 192.0.2.1\n");
        try (NameBook book = new NameBook(Books.quick(Server.address(port)))) {
            try (Nsd dns = Nsd.start(directory, port, Map.of("test", zone))) {
                assertThat(book.resolveNow(Set.of("db.test"))).as("by " + dns.address()).isEmpty();
                book.follow(Set.of("db.test"), Set.of());
            }

            try (Nsd dns = Nsd.start(directory, port, Map.of("test", ""))) {
                Wait.until(
                        "SERVFAIL of " + dns.address() + " is told",
                        () -> state(book, "db.test").problem().endsWith("says SERVFAIL"));
                assertThat(Books.of(book, "db.test")).isEqualTo(Books.addresses("192.0.2.1"));
                assertThat(book.counts().of(Kind.FORWARD, Result.FAILURE)).isPositive();
            }

            String moved = Nsd.zone(1, "db 1 IN A 192.0.2.2\n");
            try (Nsd dns = Nsd.start(directory, port, Map.of("test", moved))) {
                awaitAddresses(book, "db.test", "192.0.2.2");
                Wait.until(
                        "all is well with " + dns.address(),
                        () -> state(book, "db.test").problem().isEmpty());
            }
        }
    }

    @Test
    void an_answer_too_large_for_udp_is_whole() throws Exception {
        String records =
                IntStream.range(0, 1000)
                        .mapToObj(i -> "big 60 IN A 198.18." + i / 250 + "." + i % 250 + "\n")
                        .collect(Collectors.joining());
        try (Nsd dns =
                        Nsd.start(
                                directory,
                                Server.freePort(),
                                Map.of("test", Nsd.zone(60, records)));
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("big.test"), Set.of());

            Wait.until("all are there", () -> Books.of(book, "big.test").size() == 1000);
        }
    }

    @Test
    void a_name_that_is_no_longer_followed_is_forgotten_and_not_asked_for() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=kept.example.org,192.0.2.1,1",
                                "--host-record=gone.example.org,192.0.2.2,1");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("kept.example.org", "gone.example.org"), Set.of());
            awaitAddresses(book, "gone.example.org", "192.0.2.2");
            awaitAddresses(book, "kept.example.org", "192.0.2.1");

            book.follow(Set.of("kept.example.org"), Set.of());

            Wait.until("it is forgotten", () -> Books.of(book, "gone.example.org").isEmpty());
            long gone = dns.queries("query[A] gone.example.org ");
            long kept = dns.queries("query[A] kept.example.org ");
            Wait.until(
                    "the other one is asked for twice more",
                    () -> dns.queries("query[A] kept.example.org ") >= kept + 2);
            assertThat(dns.queries("query[A] gone.example.org ")).isEqualTo(gone);
        }
    }

    @Test
    void a_transaction_gets_the_addresses_before_its_rules_are_in_force() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,60");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            var unresolved = book.resolveNow(Set.of("db.example.org", "nope.example.org"));

            assertThat(unresolved)
                    .containsExactly(
                            new HostState("nope.example.org", Set.of(), "has no address in DNS"));
            assertThat(Books.of(book, "db.example.org")).isEqualTo(Books.addresses("192.0.2.1"));
        }
    }

    @Test
    void a_name_that_dns_can_not_hold_has_no_address() throws Exception {
        String name = "a".repeat(64) + ".example.org";
        try (Dnsmasq dns = Dnsmasq.start(directory);
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            assertThat(book.resolveNow(Set.of(name))).extracting(HostState::name).contains(name);
        }
    }

    @Test
    void a_transaction_does_not_wait_longer_than_the_timeout() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(Server.address(0));
                NameBook book =
                        new NameBook(
                                Books.quick((InetSocketAddress) silent.getLocalSocketAddress()))) {
            long start = System.nanoTime();

            var unresolved = book.resolveNow(Set.of("db.example.org"));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Books.QUICK.timeout().plusMillis(500));
            assertThat(unresolved).extracting(HostState::name).containsExactly("db.example.org");
        }
    }

    @Test
    void the_second_server_is_asked_when_the_first_is_silent_or_fails() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(Server.address(0));
                Nsd failing = Nsd.start(directory, Server.freePort(), Map.of("example.org", ""));
                Dnsmasq dns =
                        Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,60");
                NameBook book =
                        new NameBook(
                                Books.quick(
                                        (InetSocketAddress) silent.getLocalSocketAddress(),
                                        failing.address(),
                                        dns.address()))) {
            assertThat(book.resolveNow(Set.of("db.example.org"))).isEmpty();
        }
    }
}

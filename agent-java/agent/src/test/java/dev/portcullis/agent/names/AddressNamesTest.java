// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.LookupCounts.Result;
import dev.portcullis.policy.model.Address;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of addresses: "confirmed forward", "kept for their TTL", "when DNS does not answer". */
class AddressNamesTest {
    @TempDir private Path directory;

    private static NameBook follower(DnsSettings settings, Usage usage) {
        NameBook book = new NameBook(settings, usage);
        book.follow(Set.of(), Books.EXAMPLE);
        return book;
    }

    @Test
    void an_address_has_the_name_that_resolves_back_to_it() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory, "--host-record=db.example.org,192.0.2.1,2001:db8::1");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of("db.example.org"));
            assertThat(Books.reverse(book, "2001:db8::1")).contains(Set.of("db.example.org"));
        }
    }

    @Test
    void listeners_hear_of_a_new_address() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,60");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            book.onChange(calls::incrementAndGet);

            Books.reverse(book, "192.0.2.1");

            Wait.until("the call", () -> calls.get() == 1);
        }
    }

    @Test
    void a_claimed_name_that_resolves_elsewhere_is_no_name() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=db.example.org,192.0.2.1,60",
                                "--ptr-record=66.100.51.198.in-addr.arpa,db.example.org");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "198.51.100.66")).contains(Set.of());
        }
    }

    @Test
    void of_several_names_those_that_are_confirmed_count() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "2.0.192.in-addr.arpa",
                        Nsd.zone(
                                60,
                                """
                                1 60 IN PTR one.test.
                                1 60 IN PTR two.TEST.
                                1 60 IN PTR other.test.
                                1 60 IN PTR none.test.
                                """),
                        "test",
                        Nsd.zone(
                                60,
                                """
                                one 60 IN A 192.0.2.1
                                two 60 IN A 192.0.2.7
                                two 60 IN A 192.0.2.1
                                other 60 IN A 192.0.2.2
                                """));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of("one.test", "two.test"));
        }
    }

    @Test
    void a_reverse_zone_that_is_delegated_by_an_alias_works() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "2.0.192.in-addr.arpa",
                        Nsd.zone(60, "1 60 IN CNAME 1.0-25.customer.test.\n"),
                        "customer.test",
                        Nsd.zone(60, "1.0-25 60 IN PTR db\ndb 60 IN A 192.0.2.1\n"));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of("db.customer.test"));
        }
    }

    @Test
    void a_label_with_a_dot_inside_is_no_name_of_a_host() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "2.0.192.in-addr.arpa",
                        Nsd.zone(60, "1 60 IN PTR x\\.example.org.\n"),
                        "org",
                        Nsd.zone(60, "x\\.example 60 IN A 192.0.2.1\n"));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of());
        }
    }

    @Test
    void of_a_thousand_names_eight_are_looked_up() throws Exception {
        String pointers =
                IntStream.range(0, 1000)
                        .mapToObj(i -> "1 60 IN PTR n" + i + ".example.org.\n")
                        .collect(Collectors.joining());
        Map<String, String> zones = Map.of("2.0.192.in-addr.arpa", Nsd.zone(60, pointers));
        try (Nsd reverse = Nsd.start(directory, Server.freePort(), zones);
                Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--server=/in-addr.arpa/127.0.0.1#" + reverse.address().getPort(),
                                "--address=/example.org/192.0.2.1");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "192.0.2.1").orElseThrow()).hasSize(8);
            assertThat(dns.queries("query[A] n")).isEqualTo(8);
        }
    }

    @Test
    void that_there_is_no_name_is_kept_for_its_ttl_and_then_forgotten() throws Exception {
        Map<String, String> zones =
                Map.of(
                        "2.0.192.in-addr.arpa", Nsd.zone(1, ""),
                        "100.51.198.in-addr.arpa", Nsd.zone(3600, ""));
        try (Nsd dns = Nsd.start(directory, Server.freePort(), zones);
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            assertThat(Books.reverse(book, "198.51.100.1")).contains(Set.of());
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of());

            Wait.until("the short one is forgotten", () -> !Books.knows(book, "192.0.2.1"));

            assertThat(Books.known(book, "198.51.100.1")).contains(Set.of());
        }
    }

    @Test
    void while_dns_is_silent_an_address_is_unanswered_and_then_asked_for_again() throws Exception {
        int port = Server.freePort();
        try (NameBook book = follower(Books.quick(Server.address(port)), Usage.NAMED)) {
            try (DatagramSocket silent = new DatagramSocket(Server.address(port))) {
                assertThat(Books.reverse(book, "192.0.2.1"))
                        .as("by the silent " + silent.getLocalSocketAddress())
                        .isEmpty();
                assertThat(book.count(AddressState.UNANSWERED)).isEqualTo(1);
                assertThat(book.counts().of(Kind.REVERSE, Result.FAILURE)).isPositive();
            }

            try (Dnsmasq dns =
                    Dnsmasq.start(directory, port, "--host-record=db.example.org,192.0.2.1,60")) {
                Wait.until(
                        "it has its name of " + dns.address() + ", since its sender comes again",
                        () -> {
                            book.ask(Address.parse("192.0.2.1"));
                            return Optional.of(Set.of("db.example.org"))
                                    .equals(Books.known(book, "192.0.2.1"));
                        });
            }
        }
    }

    @Test
    void an_answer_in_use_stays_until_the_new_one_is_there() throws Exception {
        AtomicBoolean missing = new AtomicBoolean();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--local-ttl=1");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            dns.hosts("192.0.2.1 db.example.org\n");
            Books.reverse(book, "192.0.2.1");

            dns.hosts("192.0.2.1 new.example.org\n");

            Wait.until(
                    "the new name is there",
                    () -> {
                        missing.compareAndSet(false, !Books.knows(book, "192.0.2.1"));
                        return Optional.of(Set.of("new.example.org"))
                                .equals(Books.known(book, "192.0.2.1"));
                    });
            assertThat(missing).isFalse();
        }
    }

    @Test
    void an_answer_without_a_name_stays_fresh_while_its_address_is_in_use() throws Exception {
        AtomicBoolean missing = new AtomicBoolean();
        AtomicBoolean used = new AtomicBoolean(true);
        try (Dnsmasq dns = Dnsmasq.start(directory);
                NameBook book =
                        follower(Books.quick(dns.address()), (address, named) -> used.get())) {
            Books.reverse(book, "192.0.2.1");

            Wait.until(
                    "it was looked up thrice",
                    () -> {
                        missing.compareAndSet(false, !Books.knows(book, "192.0.2.1"));
                        return book.counts().of(Kind.REVERSE, Result.NEGATIVE) >= 3;
                    });
            assertThat(missing).isFalse();

            used.set(false);
            Wait.until("it is forgotten", () -> !Books.knows(book, "192.0.2.1"));
        }
    }

    @Test
    void an_answer_that_nobody_uses_is_forgotten_when_its_ttl_ends() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,1");
                NameBook book = follower(Books.quick(dns.address()), (address, named) -> false)) {
            assertThat(Books.reverse(book, "192.0.2.1")).contains(Set.of("db.example.org"));

            Wait.until("it is forgotten", () -> !Books.knows(book, "192.0.2.1"));

            assertThat(dns.queries("query[PTR] ")).isEqualTo(1);
        }
    }

    @Test
    void an_answer_in_use_outlives_its_ttl_by_the_grace_while_dns_is_silent() throws Exception {
        int port = Server.freePort();
        try (NameBook book = follower(Books.quick(Server.address(port)), Usage.NAMED)) {
            try (Dnsmasq dns =
                    Dnsmasq.start(directory, port, "--host-record=db.example.org,192.0.2.1,1")) {
                assertThat(Books.reverse(book, "192.0.2.1"))
                        .as("by " + dns.address())
                        .contains(Set.of("db.example.org"));
            }
            try (DatagramSocket silent = new DatagramSocket(Server.address(port))) {
                Wait.until(
                        "it is unanswered by " + silent.getLocalSocketAddress(),
                        () ->
                                Books.knows(book, "192.0.2.1")
                                        && Books.known(book, "192.0.2.1").isEmpty());
                assertThat(book.counts().of(Kind.REVERSE, Result.FAILURE)).isPositive();
            }
        }
    }

    @Test
    void without_a_pattern_no_address_is_looked_up() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,60");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("db.example.org"), Set.of());

            book.ask(Address.parse("192.0.2.1"));

            Wait.until("the host name is there", () -> !Books.of(book, "db.example.org").isEmpty());
            assertThat(book.names().reverse()).isEmpty();
            assertThat(dns.queries("query[PTR] ")).isZero();
        }
    }

    @Test
    void when_the_last_pattern_goes_all_addresses_are_forgotten() throws Exception {
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.1,60");
                NameBook book = follower(Books.quick(dns.address()), Usage.NAMED)) {
            Books.reverse(book, "192.0.2.1");

            book.follow(Set.of(), Set.of());

            Wait.until("it is forgotten", () -> book.names().reverse().isEmpty());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.policy.model.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A book that takes over from another, with and without DNS. */
class SavedNamesTest {
    private static final Address PEER = Address.parse("192.0.2.7");

    /** Nobody listens there. */
    private static final InetSocketAddress NOBODY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    @TempDir private Path directory;

    /** What a book knows that has followed a host name and seen a peer. */
    private byte[] saved() throws Exception {
        try (Dnsmasq dns =
                        Dnsmasq.start(
                                directory,
                                "--host-record=db.example.org,192.0.2.1,3600",
                                "--host-record=seven.example.org,192.0.2.7,3600");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.follow(Set.of("db.example.org"), Books.EXAMPLE);
            Books.reverse(book, PEER.toString());
            Wait.until("the host name is known", () -> !Books.of(book, "db.example.org").isEmpty());
            return book.save();
        }
    }

    @Test
    void names_stand_for_what_they_did_before_dns_was_asked() throws Exception {
        try (NameBook book = new NameBook(Books.quick(NOBODY))) {
            book.restore(saved());

            assertThat(Books.of(book, "db.example.org")).isEqualTo(Books.addresses("192.0.2.1"));
            assertThat(book.names().reverse())
                    .isEqualTo(Map.of(PEER, Optional.of(Set.of("seven.example.org"))));
        }
    }

    @Test
    void they_stay_while_dns_does_not_answer() throws Exception {
        try (NameBook book = new NameBook(Books.quick(NOBODY))) {
            book.restore(saved());
            book.follow(Set.of("db.example.org"), Books.EXAMPLE);

            Wait.until(
                    "dns has failed",
                    () -> book.states().size() == 1 && !book.states().get(0).problem().isEmpty());

            assertThat(Books.of(book, "db.example.org")).isEqualTo(Books.addresses("192.0.2.1"));
            assertThat(book.names().reverse()).containsKey(PEER);
        }
    }

    @Test
    void a_host_name_is_asked_for_again_at_once() throws Exception {
        byte[] earlier = saved();
        try (Dnsmasq dns = Dnsmasq.start(directory, "--host-record=db.example.org,192.0.2.2,3600");
                NameBook book = new NameBook(Books.quick(dns.address()))) {
            book.restore(earlier);
            book.follow(Set.of("db.example.org"), Set.of());

            Wait.until(
                    "the new address is known",
                    () -> Books.of(book, "db.example.org").equals(Books.addresses("192.0.2.2")));
        }
    }

    @Test
    void what_no_rule_names_any_more_is_forgotten() throws Exception {
        try (NameBook book = new NameBook(Books.quick(NOBODY))) {
            book.restore(saved());
            book.follow(Set.of(), Set.of());

            Wait.until(
                    "nothing is known",
                    () -> book.names().addresses().isEmpty() && book.names().reverse().isEmpty());
        }
    }

    @Test
    void other_bytes_are_refused() {
        try (NameBook book = new NameBook(Books.quick(NOBODY))) {
            assertThatThrownBy(() -> book.restore(new byte[] {1, 2, 3}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

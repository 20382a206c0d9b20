// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import static dev.portcullis.agent.sets.SetsOfTest.commit;
import static dev.portcullis.agent.sets.SetsOfTest.texts;
import static dev.portcullis.agent.sets.SetsOfTest.url;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.portcullis.agent.Eventually;
import dev.portcullis.policy.model.AddressSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Sets from a real HTTPS server. */
class DownloadTest {
    @TempDir private Path directory;
    private ListServer server;
    private AddressSets sets;

    @BeforeEach
    void start() {
        server = ListServer.start(directory);
        sets = AddressSets.open(directory.resolve("state"), SetsOfTest.OFTEN);
    }

    @AfterEach
    void close() {
        sets.close();
        server.close();
    }

    private AddressSet office() {
        return url("office", server.url("/office"), server.certificate());
    }

    private AddressSet at(URI url) {
        return url("office", url, server.certificate());
    }

    private List<String> prefixes() {
        return texts(sets.prefixes()).get("office");
    }

    private State state() {
        return sets.states().get(0);
    }

    private void assertRefused(AddressSet set, String... violations) {
        assertThat(texts(sets.load(List.of(set)))).containsExactly(violations);
    }

    @Test
    void a_list_is_downloaded_and_a_new_one_is_seen_and_told() {
        List<String> seen = new CopyOnWriteArrayList<>();
        sets.onChange(() -> seen.addAll(prefixes()));
        server.serve("/office", "10.0.0.1\n");
        commit(sets, office());
        assertThat(prefixes()).containsExactly("10.0.0.1/32");

        server.serve("/office", "10.0.0.2\n");

        Eventually.assertThat(() -> assertThat(seen).containsExactly("10.0.0.2/32"));
        assertThat(prefixes()).containsExactly("10.0.0.2/32");
    }

    @Test
    void a_server_that_knows_etags_is_asked_for_changes_only() {
        server.serve("/office", 200, "10.0.0.1\n", Map.of("ETag", "\"one\""));
        commit(sets, office());
        Eventually.assertThat(() -> assertThat(server.statuses()).startsWith(200, 304, 304));
        assertThat(state().refreshes().changed()).isZero();

        server.serve("/office", 200, "10.0.0.2\n", Map.of("ETag", "\"two\""));

        Eventually.assertThat(() -> assertThat(prefixes()).containsExactly("10.0.0.2/32"));
        Eventually.assertThat(() ->
                assertThat(server.statuses().subList(3, server.statuses().size()))
                        .containsSubsequence(200, 304));
        assertThat(server.statuses().stream().filter(status -> status == 200)).hasSize(2);
    }

    @Test
    void a_server_that_knows_only_times_is_asked_for_changes_only() {
        server.serve(
                "/office",
                200,
                "10.0.0.1\n",
                Map.of("Last-Modified", "Sat, 31 Jan 2026 11:00:00 GMT"));

        commit(sets, office());

        Eventually.assertThat(() -> assertThat(server.statuses()).startsWith(200, 304, 304));
    }

    @Test
    void a_restart_asks_with_the_etag_of_the_copy() {
        server.serve("/office", 200, "10.0.0.1\n", Map.of("ETag", "\"one\""));
        AddressSet seldom =
                url("office", server.url("/office"), server.certificate(), Duration.ofHours(1));
        commit(sets, seldom);
        sets.close();
        sets = AddressSets.open(directory.resolve("state"), SetsOfTest.OFTEN);

        commit(sets, seldom);

        Eventually.assertThat(() -> assertThat(server.statuses()).containsExactly(200, 304));
        Eventually.assertThat(() -> assertThat(state().refreshes().unchanged()).isEqualTo(1));
    }

    @Test
    void bad_content_keeps_the_set_and_is_a_warning_once() {
        Logger logger = (Logger) LoggerFactory.getLogger(Problems.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        server.serve("/office", "10.0.0.1\n");
        commit(sets, office());

        server.serve("/office", "<html>we are sorry</html>");
        Eventually.assertThat(() -> assertThat(state().refreshes().failed()).isGreaterThan(2));
        logger.setLevel(null);
        logger.detachAppender(log);

        assertThat(prefixes()).containsExactly("10.0.0.1/32");
        assertThat(state().lastFailure())
                .startsWith("spec.url: is neither a list of CIDRs nor JSON");
        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getFormattedMessage())
                .isEqualTo(
                        "event=address_set_refresh_failed set=office message=\""
                                + state().lastFailure()
                                + "\"");
        assertThat(state().lastSuccess()).isBefore(Instant.now());
    }

    @Test
    void an_empty_list_keeps_the_set() {
        server.serve("/office", "10.0.0.1\n");
        commit(sets, office());

        server.serve("/office", "");

        Eventually.assertThat(() ->
                assertThat(state().lastFailure())
                        .isEqualTo("spec.url: holds no addresses; a set can't be empty"));
        assertThat(prefixes()).containsExactly("10.0.0.1/32");
    }

    @Test
    void a_server_that_goes_away_keeps_the_set_and_is_asked_again_when_it_is_back() {
        server.serve("/office", "10.0.0.1\n");
        commit(sets, office());
        int port = server.port();

        server.close();
        Eventually.assertThat(() ->
                assertThat(state().lastFailure())
                        .isEqualTo(
                                "spec.url: localhost takes no connection; see that it runs and can"
                                        + " be reached"));
        assertThat(prefixes()).containsExactly("10.0.0.1/32");
        server = ListServer.start(directory, "localhost", port);
        server.serve("/office", "10.0.0.2\n");

        Eventually.assertThat(() -> assertThat(prefixes()).containsExactly("10.0.0.2/32"));
        assertThat(state().lastFailure()).isEmpty();
    }

    @Test
    void an_agent_that_starts_while_the_server_is_away_has_the_copy_at_once() {
        server.serve("/office", "10.0.0.1\n");
        AddressSet office = office();
        commit(sets, office);
        sets.close();
        server.close();
        sets = AddressSets.open(directory.resolve("state"), SetsOfTest.OFTEN);

        Loaded loaded = sets.load(List.of(office));
        sets.follow(List.of(office));

        assertThat(loaded.violations()).isEmpty();
        assertThat(prefixes()).containsExactly("10.0.0.1/32");
        Eventually.assertThat(
                () -> assertThat(state().lastFailure()).contains("takes no connection"));
    }

    @Test
    void a_new_set_whose_server_is_away_is_refused() {
        AddressSet office = office();
        server.close();

        assertRefused(
                office,
                "address set office: spec.url: localhost takes no connection; see that it runs and"
                        + " can be reached");
    }

    @Test
    void a_redirect_to_http_is_refused() {
        server.serve("/office", 302, "", Map.of("Location", "http://localhost:1/office"));

        assertRefused(
                office(),
                "address set office: spec.url: the server redirects to"
                        + " \"http://localhost:1/office\", which is not https or too far; write the"
                        + " URL where the list is");
    }

    @Test
    void a_redirect_to_https_is_followed() {
        server.serve("/office", 302, "", Map.of("Location", server.url("/moved").toString()));
        server.serve("/moved", "10.0.0.1\n");

        commit(sets, office());

        assertThat(prefixes()).containsExactly("10.0.0.1/32");
    }

    @Test
    void redirects_in_a_ring_end() {
        server.serve("/office", 302, "", Map.of("Location", server.url("/office").toString()));

        assertThat(texts(sets.load(List.of(office())))).hasSize(1);
    }

    @Test
    void another_status_is_refused() {
        assertRefused(
                office(),
                "address set office: spec.url: the server answers with status 404; see that the URL"
                        + " is right");
    }

    @Test
    void a_certificate_that_nobody_trusted_signed_is_refused() {
        server.serve("/office", "10.0.0.1\n");
        AddressSet javasTrust =
                new AddressSet(
                        "office",
                        new AddressSet.Download(
                                server.url("/office"), SetsOfTest.OFTEN, Optional.empty()),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        "");
        ListServer stranger = ListServer.start(directory, "stranger", 0);
        stranger.close();

        assertRefused(
                javasTrust,
                "address set office: spec.url: the certificate of localhost is signed by nobody who"
                        + " Java trusts; name its PEM file as ca");
        assertRefused(
                url("office", server.url("/office"), stranger.certificate()),
                "address set office: spec.url: the certificate of localhost is signed by nobody who"
                        + " is in "
                        + stranger.certificate()
                        + "; add who signed it");
    }

    @Test
    void a_certificate_for_another_name_is_refused() {
        try (ListServer stranger = ListServer.start(directory, "stranger", 0)) {
            stranger.serve("/office", "10.0.0.1\n");

            assertRefused(
                    url("office", stranger.url("/office"), stranger.certificate()),
                    "address set office: spec.url: the certificate of localhost is for other names;"
                            + " write the name that it is for");
        }
    }

    @Test
    void a_ca_that_is_no_certificate_or_missing_is_told_of_its_field() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "no certificate\n");
        Path missing = directory.resolve("missing");

        assertRefused(
                url("office", server.url("/office"), text),
                "address set office: spec.ca: "
                        + text
                        + " holds no PEM certificates; put them there");
        assertRefused(
                url("office", server.url("/office"), missing),
                "address set office: spec.ca: "
                        + missing
                        + " can't be read; put PEM certificates there that the agent's user may"
                        + " read");
    }

    @Test
    void a_ca_that_is_changed_counts_from_the_next_refresh() throws IOException {
        server.serve("/office", "10.0.0.1\n");
        Path ca = Files.copy(server.certificate(), directory.resolve("ca.pem"));
        commit(sets, url("office", server.url("/office"), ca));
        ListServer stranger = ListServer.start(directory, "stranger", 0);
        stranger.close();

        Files.writeString(ca, Files.readString(stranger.certificate()));

        Eventually.assertThat(
                () -> assertThat(state().lastFailure()).contains("is signed by nobody who is in"));
        assertThat(prefixes()).containsExactly("10.0.0.1/32");
    }

    @Test
    void a_body_that_says_to_be_larger_than_64_mib_is_not_read() {
        server.serve("/office", "#".repeat((64 << 20) + 1));

        assertRefused(office(), "address set office: spec.url: the list is larger than 64 MiB");
    }

    @Test
    void a_body_that_never_ends_is_given_up() {
        server.dribble("/office");
        AddressSet.Download download = (AddressSet.Download) office().origin();

        assertThatThrownBy(() ->
                        new Downloads(Duration.ofMillis(300))
                                .fetch(download, Validators.NONE)
                                .join())
                .hasCauseInstanceOf(SourceException.class)
                .hasMessageContaining("localhost is too slow");
    }

    @Test
    void a_host_that_is_not_known_is_told() {
        assertRefused(
                at(URI.create("https://no-such-host.invalid/office")),
                "address set office: spec.url: no address is known of no-such-host.invalid; see"
                        + " that the name and DNS are right");
    }

    @Test
    void a_server_without_tls_is_told() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            new Thread(() -> answerInPlain(plain)).start();
            URI url = URI.create("https://localhost:" + plain.getLocalPort() + "/");

            List<String> violations = texts(sets.load(List.of(at(url))));

            assertThat(violations).hasSize(1);
            assertThat(violations.get(0))
                    .startsWith("address set office: spec.url: TLS with localhost fails (");
        }
    }

    private static void answerInPlain(ServerSocket plain) {
        try (Socket connection = plain.accept()) {
            int hello = connection.getInputStream().read(new byte[1 << 16]);
            assertThat(hello).isPositive();
            connection
                    .getOutputStream()
                    .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            connection.shutdownOutput();
            // Until the client hangs up: closing before that would reset the connection.
            connection.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The test looks at what the client says.
        }
    }

    @Test
    void a_set_whose_period_changes_is_not_downloaded_again() {
        server.serve("/office", "10.0.0.1\n");
        AddressSet seldom =
                url("office", server.url("/office"), server.certificate(), Duration.ofHours(1));
        commit(sets, seldom);

        commit(
                sets,
                url("office", server.url("/office"), server.certificate(), Duration.ofDays(1)));

        assertThat(server.statuses()).containsExactly(200);
        assertThat(prefixes()).containsExactly("10.0.0.1/32");
    }

    @Test
    void a_set_that_is_not_followed_any_more_is_not_asked_for() {
        server.serve("/office", "10.0.0.1\n");
        commit(sets, office());
        Eventually.assertThat(() -> assertThat(server.statuses()).hasSizeGreaterThan(2));

        commit(sets);

        server.serve("/other", "10.0.0.2\n");
        commit(sets, url("other", server.url("/other"), server.certificate()));
        int asked = server.statuses().size();
        Eventually.assertThat(
                () -> assertThat(sets.states().get(0).refreshes().unchanged()).isGreaterThan(3));
        long others = sets.states().get(0).refreshes().unchanged();
        assertThat(server.statuses().size() - asked).isLessThanOrEqualTo((int) others + 2);
    }
}

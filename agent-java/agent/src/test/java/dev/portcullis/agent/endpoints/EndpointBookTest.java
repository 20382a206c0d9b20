// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.agent.Eventually;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.validation.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointBookTest {
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final String GUID = "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c";
    private static final NamedEndpoint DEMO = named("demo");

    @TempDir private Path directory;
    private Path file;
    private EndpointBook book;

    @BeforeEach
    void open() {
        file = directory.resolve("connections.json");
        book = EndpointBook.open(Optional.of(file), OFTEN);
    }

    @AfterEach
    void close() {
        book.close();
    }

    private static NamedEndpoint named(String name) {
        return new NamedEndpoint(
                "azure", "spec.rules[0].azureEndpointName", new Peers.AzureEndpoint(name, GUID));
    }

    private static String connections(Object... namesAndLinks) {
        return IntStream.range(0, namesAndLinks.length / 2)
                .mapToObj(i ->
                        "{\"name\": \"%s.%s\", \"linkIdentifier\": \"%s\"}"
                                .formatted(namesAndLinks[2 * i], GUID, namesAndLinks[2 * i + 1]))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private Map<String, String> known() {
        return book.endpoints().entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().name(), e -> e.getValue().toString()));
    }

    private String problem(NamedEndpoint named) {
        return book.problem(named).map(Violation::toString).orElse("");
    }

    @Test
    void a_file_that_is_there_is_read_at_once_when_it_is_needed() throws IOException {
        Files.writeString(file, connections("demo", 7));

        book.readNow();

        assertThat(book.endpoints()).isEqualTo(Map.of(DEMO.endpoint(), PrivateEndpoint.azure(7)));
        assertThat(book.problem(DEMO)).isEmpty();
        assertThat(book.problems()).isEmpty();
    }

    @Test
    void a_change_of_the_file_is_seen_and_told() throws IOException {
        Files.writeString(file, connections("demo", 7));
        book.readNow();
        List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());
        book.onChange(() -> seen.add(known()));
        book.follow(List.of(DEMO));

        Files.writeString(file, connections("demo", 8));

        Eventually.assertThat(() -> assertThat(seen).containsExactly(Map.of("demo", "8")));
    }

    @Test
    void what_was_read_for_a_push_is_told_too() throws IOException {
        List<Map<String, String>> seen = Collections.synchronizedList(new ArrayList<>());
        book.onChange(() -> seen.add(known()));
        book.follow(List.of(DEMO));

        Files.writeString(file, connections("demo", 7));
        book.readNow();

        Eventually.assertThat(() -> assertThat(seen).containsExactly(Map.of("demo", "7")));
    }

    @Test
    void an_editor_that_renames_is_seen() throws IOException {
        Files.writeString(file, connections("demo", 7));
        book.readNow();

        Path other = Files.writeString(directory.resolve("new"), connections("demo", 8));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

        Eventually.assertThat(() -> assertThat(known()).isEqualTo(Map.of("demo", "8")));
    }

    @Test
    void an_entry_that_is_lost_matches_nobody_and_is_told() throws IOException {
        Files.writeString(file, connections("demo", 7, "other", 8));
        book.readNow();
        book.follow(List.of(DEMO));

        Files.writeString(file, connections("other", 8));

        Eventually.assertThat(() ->
                assertThat(book.problems())
                        .containsExactly(
                                "policy azure: spec.rules[0].azureEndpointName: no connection in "
                                        + file
                                        + " is of \"demo\" with the GUID "
                                        + GUID
                                        + "; put there what \"az network private-link-service show"
                                        + " -o json\" prints now, or write linkId; until then the"
                                        + " rule matches nobody"));
    }

    @Test
    void a_file_that_is_bad_or_missing_keeps_what_was_known_until_it_is_good_again()
            throws IOException {
        Files.writeString(file, connections("demo", 7));
        book.readNow();
        book.follow(List.of(DEMO));

        Files.writeString(file, connections("demo", 8).substring(0, 20));
        Eventually.assertThat(() ->
                assertThat(book.problems())
                        .singleElement()
                        .asString()
                        .startsWith("azureConnections is as of 2")
                        .contains(file + ": line 1, column ", ": is not JSON; put there what"));
        Files.delete(file);
        Eventually.assertThat(() ->
                assertThat(book.problems())
                        .singleElement()
                        .asString()
                        .contains(file + " is not there; put there what"));

        assertThat(known()).isEqualTo(Map.of("demo", "7"));
        Files.writeString(file, connections("demo", 7));
        Eventually.assertThat(() -> assertThat(book.problems()).isEmpty());
    }

    @Test
    void a_start_without_the_file_says_so_and_matches_nobody() {
        book.readNow();
        book.follow(List.of(DEMO));

        assertThat(book.endpoints()).isEmpty();
        assertThat(book.problems())
                .satisfiesExactly(
                        p ->
                                assertThat(p)
                                        .startsWith(
                                                "azureConnections was never read: "
                                                        + file
                                                        + " is not there"),
                        p ->
                                assertThat(p)
                                        .startsWith(
                                                "policy azure: spec.rules[0].azureEndpointName: the"
                                                        + " link identifier of \"demo\" is not"
                                                        + " known: ")
                                        .endsWith("until then the rule matches nobody"));
    }

    @Test
    void without_a_file_in_the_configuration_the_remedy_is_to_name_one() {
        try (EndpointBook none = EndpointBook.open(Optional.empty(), OFTEN)) {
            none.readNow();

            assertThat(none.problem(DEMO).orElseThrow())
                    .hasToString(
                            "policy azure: spec.rules[0].azureEndpointName: nothing tells the link"
                                    + " identifier of \"demo\"; set azureConnections in agent.yaml"
                                    + " to a file with what \"az network private-link-service show"
                                    + " -o json\" prints, or write linkId");
            assertThat(none.problems()).isEmpty();
        }
    }

    @Test
    void the_same_name_with_another_guid_is_told() throws IOException {
        Files.writeString(
                file, connections("demo", 7).replace(GUID, "00000000-0000-0000-0000-000000000001"));

        book.readNow();

        assertThat(problem(DEMO))
                .contains(
                        "(there is one of that name with the GUID"
                                + " 00000000-0000-0000-0000-000000000001)");
    }

    @Test
    void connections_that_are_left_out_are_told() throws IOException {
        Files.writeString(file, connections("demo", 7, "other", "x"));

        book.readNow();

        assertThat(book.problems())
                .containsExactly(
                        "azureConnections: "
                                + file
                                + ": [1]: \"other."
                                + GUID
                                + "\": has the linkIdentifier \"x\", which is no number of 32"
                                + " bits; it is left out");
    }

    @Test
    void of_very_many_rules_the_first_and_the_number_of_the_others_are_told() {
        book.follow(IntStream.range(0, 25).mapToObj(i -> named("demo-" + i)).toList());

        assertThat(book.problems()).hasSize(11).last().asString().startsWith("15 more rules");
    }

    @Test
    void a_listener_that_fails_does_not_end_the_looks() throws IOException {
        book.onChange(() -> {
            throw new IllegalStateException("no");
        });
        book.follow(List.of(DEMO));

        Files.writeString(file, connections("demo", 7));
        Eventually.assertThat(() -> assertThat(known()).isEqualTo(Map.of("demo", "7")));
        Files.writeString(file, connections("demo", 8));

        Eventually.assertThat(() -> assertThat(known()).isEqualTo(Map.of("demo", "8")));
    }
}

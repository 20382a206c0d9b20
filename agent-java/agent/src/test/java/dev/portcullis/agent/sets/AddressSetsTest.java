// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import static dev.portcullis.agent.sets.SetsOfTest.commit;
import static dev.portcullis.agent.sets.SetsOfTest.file;
import static dev.portcullis.agent.sets.SetsOfTest.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.agent.Eventually;
import dev.portcullis.policy.model.AddressSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets from files, and what a transaction does with sets. */
class AddressSetsTest {
    @TempDir private Path directory;
    private AddressSets sets;

    @BeforeEach
    void open() {
        sets = AddressSets.open(directory.resolve("state"), SetsOfTest.OFTEN);
    }

    @AfterEach
    void close() {
        sets.close();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }

    private void restart() {
        sets.close();
        sets = AddressSets.open(directory.resolve("state"), SetsOfTest.OFTEN);
    }

    private List<Path> copies() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("state").resolve("sets"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void loading_reads_a_new_set_and_changes_nothing() throws IOException {
        AddressSet office = file("office", write("list", "10.0.0.0/8\n192.0.2.1\n"));

        Loaded loaded = sets.load(List.of(office));

        assertThat(loaded.violations()).isEmpty();
        assertThat(texts(loaded.prefixes()))
                .isEqualTo(Map.of("office", List.of("10.0.0.0/8", "192.0.2.1/32")));
        assertThat(sets.prefixes()).isEmpty();
        assertThat(sets.states()).isEmpty();
    }

    @Test
    void a_set_that_is_followed_is_there() throws IOException {
        commit(sets, file("office", write("list", "10.0.0.0/8\n")));

        assertThat(texts(sets.prefixes())).isEqualTo(Map.of("office", List.of("10.0.0.0/8")));
        assertThat(sets.states()).hasSize(1);
        assertThat(sets.states().get(0).prefixes()).isEqualTo(1);
        assertThat(sets.states().get(0).lastFailure()).isEmpty();
        assertThat(sets.states().get(0).lastSuccess())
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void all_sets_that_can_not_be_read_are_told_with_what_to_do() throws IOException {
        Path bad = write("bad", "10.0.0.0/8\noffice\n");

        Loaded loaded =
                sets.load(
                        List.of(
                                file("one", directory.resolve("missing")),
                                file("two", bad),
                                file("three", directory),
                                file("four", write("good", "10.0.0.1"))));

        assertThat(texts(loaded))
                .containsExactly(
                        "address set one: spec.file: "
                                + directory.resolve("missing")
                                + " is not there; put the list there",
                        "address set two: spec.file: line 2: \"office\" is not an IPv4 or IPv6"
                                + " address or CIDR; write one such as 203.0.113.0/24 or"
                                + " 2001:db8:7::/48",
                        "address set three: spec.file: "
                                + directory
                                + " is not a file; name a file");
        assertThat(loaded.prefixes()).containsOnlyKeys("four");
    }

    @Test
    void a_list_larger_than_64_mib_is_refused() throws IOException {
        Path large = directory.resolve("large");
        try (SeekableByteChannel channel =
                Files.newByteChannel(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.position(64L << 20);
            channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }

        assertThat(texts(sets.load(List.of(file("s", large)))))
                .containsExactly("address set s: spec.file: " + large + " is larger than 64 MiB");
    }

    @Test
    void a_set_in_force_is_not_read_again_by_a_transaction() throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        commit(sets, file("office", list));
        Files.delete(list);

        Loaded loaded = sets.load(List.of(file("office", list)));

        assertThat(loaded.violations()).isEmpty();
        assertThat(texts(loaded.prefixes())).isEqualTo(Map.of("office", List.of("10.0.0.0/8")));
    }

    @Test
    void a_set_that_changes_to_a_source_that_fails_is_refused_and_stays() throws IOException {
        commit(sets, file("office", write("list", "10.0.0.0/8\n")));

        Loaded loaded = sets.load(List.of(file("office", directory.resolve("missing"))));

        assertThat(loaded.violations()).hasSize(1);
        assertThat(texts(sets.prefixes())).isEqualTo(Map.of("office", List.of("10.0.0.0/8")));
    }

    @Test
    void a_set_that_changes_what_it_selects_is_read_anew() throws IOException {
        Path list =
                write(
                        "list",
                        """
                        {"regions": {
                          "a": {"egress_from_elastic": ["192.0.2.1"]},
                          "b": {"egress_from_elastic": ["192.0.2.2"]}
                        }}
                        """);
        AddressSet all = file("elastic", list);
        commit(sets, all);
        AddressSet one =
                new AddressSet(
                        "elastic", all.origin(), Optional.empty(), List.of(), List.of("b"), "");

        commit(sets, one);

        assertThat(texts(sets.prefixes())).isEqualTo(Map.of("elastic", List.of("192.0.2.2/32")));
    }

    @Test
    void a_change_of_the_file_is_seen_and_told() throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        List<List<String>> seen = Collections.synchronizedList(new ArrayList<>());
        sets.onChange(() -> seen.add(texts(sets.prefixes()).get("office")));
        commit(sets, file("office", list));

        Files.writeString(list, "192.0.2.0/24\n");

        Eventually.assertThat(() -> assertThat(seen).containsExactly(List.of("192.0.2.0/24")));
        assertThat(sets.states().get(0).refreshes().changed()).isEqualTo(1);
    }

    @Test
    void an_editor_that_renames_and_a_link_that_is_turned_are_seen() throws IOException {
        Path list = write("list", "10.0.0.1\n");
        Path link = Files.createSymbolicLink(directory.resolve("link"), list);
        commit(sets, file("renamed", list), file("linked", link));

        Files.move(write("new", "10.0.0.2\n"), list, StandardCopyOption.REPLACE_EXISTING);
        Eventually.assertThat(() ->
                assertThat(texts(sets.prefixes()))
                        .isEqualTo(
                                Map.of(
                                        "renamed", List.of("10.0.0.2/32"),
                                        "linked", List.of("10.0.0.2/32"))));
        Files.createSymbolicLink(directory.resolve("turned"), write("other", "10.0.0.3\n"));
        Files.move(directory.resolve("turned"), link, StandardCopyOption.REPLACE_EXISTING);

        Eventually.assertThat(() ->
                assertThat(texts(sets.prefixes()).get("linked")).containsExactly("10.0.0.3/32"));
    }

    @Test
    void a_file_of_the_same_length_whose_time_was_set_back_is_seen() throws IOException {
        Path list = write("list", "10.0.0.1\n");
        FileTime time = Files.getLastModifiedTime(list);
        commit(sets, file("office", list));

        Files.writeString(list, "10.0.0.2\n");
        Files.setLastModifiedTime(list, time);

        Eventually.assertThat(() ->
                assertThat(texts(sets.prefixes()).get("office")).containsExactly("10.0.0.2/32"));
    }

    @Test
    void a_bad_or_missing_file_keeps_the_set_until_it_is_good_again() throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        commit(sets, file("office", list));

        Files.writeString(list, "# nothing\n");
        Eventually.assertThat(() ->
                assertThat(sets.states().get(0).lastFailure())
                        .isEqualTo("spec.file: holds no addresses; a set can't be empty"));
        Files.delete(list);
        Eventually.assertThat(
                () -> assertThat(sets.states().get(0).lastFailure()).contains("is not there"));

        assertThat(texts(sets.prefixes()).get("office")).containsExactly("10.0.0.0/8");
        assertThat(sets.states().get(0).refreshes().failed()).isGreaterThanOrEqualTo(2);
        Files.writeString(list, "10.0.0.0/8\n");
        Eventually.assertThat(() -> assertThat(sets.states().get(0).lastFailure()).isEmpty());
    }

    @Test
    void an_agent_that_starts_without_the_file_has_the_copy_and_says_so() throws IOException {
        Path list = write("list", "10.0.0.0/8\n2001:db8::/32\n");
        AddressSet office = file("office", list);
        commit(sets, office);
        Files.delete(list);
        restart();

        Loaded loaded = sets.load(List.of(office));

        assertThat(texts(loaded.prefixes()))
                .isEqualTo(Map.of("office", List.of("10.0.0.0/8", "2001:db8::/32")));
        assertThat(loaded.violations()).isEmpty();
        assertThat(loaded.warnings()).hasSize(1);
        assertThat(loaded.warnings().get(0))
                .startsWith("address set office: spec.file: " + list + " is not there")
                .contains("; the copy of 2")
                .endsWith("Z is used");
    }

    @Test
    void a_crash_between_loading_and_following_finds_the_copy() throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        sets.load(List.of(file("office", list)));
        Files.delete(list);
        restart();

        assertThat(sets.load(List.of(file("office", list))).prefixes()).containsOnlyKeys("office");
    }

    @Test
    void a_copy_cut_short_at_any_byte_or_changed_is_put_aside_and_never_used() throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        AddressSet office = file("office", list);
        sets.load(List.of(office));
        Files.delete(list);
        Path copy = copies().get(0);
        byte[] whole = Files.readAllBytes(copy);

        for (int i = 0; i < whole.length; i++) {
            Files.write(copy, Arrays.copyOf(whole, i));
            assertThat(sets.load(List.of(office)).violations()).as("%d bytes", i).hasSize(1);
            assertThat(copy).as("%d bytes", i).doesNotExist();
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            Files.write(copy, changed);
            assertThat(sets.load(List.of(office)).violations()).as("byte %d", i).hasSize(1);
            assertThat(copy).as("byte %d", i).doesNotExist();
        }

        try (Stream<Path> aside = Files.list(copy.resolveSibling("corrupt"))) {
            assertThat(aside).as("only the last are kept").hasSize(20);
        }
        Files.write(copy, whole);
        assertThat(sets.load(List.of(office)).violations()).isEmpty();
    }

    @Test
    void what_a_crash_left_half_written_is_removed_and_the_copy_of_before_used()
            throws IOException {
        Path list = write("list", "10.0.0.0/8\n");
        AddressSet office = file("office", list);
        commit(sets, office);
        Path copy = copies().get(0);
        Files.write(copy.resolveSibling(copy.getFileName() + ".tmp"), new byte[] {1, 2, 3});
        Files.delete(list);

        restart();

        assertThat(copies()).containsExactly(copy);
        assertThat(sets.load(List.of(office)).prefixes()).containsOnlyKeys("office");
    }

    @Test
    void copies_that_are_not_in_force_stay_for_a_week() throws IOException {
        commit(sets, file("one", write("1", "10.0.0.1")), file("two", write("2", "10.0.0.2")));
        assertThat(copies()).hasSize(2);

        commit(sets, file("two", directory.resolve("2")));
        assertThat(copies()).hasSize(2);
        for (Path copy : copies()) {
            Files.setLastModifiedTime(
                    copy, FileTime.from(Instant.now().minus(Copies.KEPT).minusSeconds(60)));
        }
        commit(sets, file("two", directory.resolve("2")));

        assertThat(copies()).hasSize(1);
        assertThat(copies().get(0).getFileName().toString()).startsWith("two-");
    }

    @Test
    void going_back_to_a_set_of_before_needs_no_source() throws IOException {
        Path list = write("list", "10.0.0.1\n");
        AddressSet before = file("office", list);
        commit(sets, before);
        commit(sets, file("office", write("other", "10.0.0.2\n")));
        Files.delete(list);

        Loaded loaded = sets.load(List.of(before));

        assertThat(loaded.violations()).isEmpty();
        assertThat(texts(loaded.prefixes()).get("office")).containsExactly("10.0.0.1/32");
    }

    @Test
    void a_set_with_the_longest_name_has_a_copy() throws IOException {
        commit(sets, file("a".repeat(253), write("list", "10.0.0.1")));

        assertThat(copies()).hasSize(1);
    }

    @Test
    void a_copy_is_a_list_of_cidrs_that_only_the_agent_may_read() throws IOException {
        commit(sets, file("office", write("list", "10.0.0.1")));

        assertThat(Files.readString(copies().get(0)))
                .startsWith("# portcullis address set 1\n# sha256: ")
                .contains("# set: office\n# source: " + directory.resolve("list") + "\n")
                .endsWith("\n10.0.0.1/32\n");
        assertThat(Files.getPosixFilePermissions(copies().get(0).getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void following_what_was_never_loaded_is_a_mistake_of_the_caller() {
        AddressSet office = file("office", directory.resolve("list"));

        assertThatThrownBy(() -> sets.follow(List.of(office)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was not loaded");
    }

    @Test
    void a_listener_that_fails_does_not_end_the_refresh() throws IOException {
        Path list = write("list", "10.0.0.1\n");
        sets.onChange(() -> {
            throw new IllegalStateException("no");
        });
        commit(sets, file("office", list));

        Files.writeString(list, "10.0.0.2\n");
        Eventually.assertThat(() ->
                assertThat(texts(sets.prefixes()).get("office")).containsExactly("10.0.0.2/32"));
        Files.writeString(list, "10.0.0.3\n");

        Eventually.assertThat(() ->
                assertThat(texts(sets.prefixes()).get("office")).containsExactly("10.0.0.3/32"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static dev.portcullis.agent.store.Revisions.COMMON;
import static dev.portcullis.agent.store.Revisions.keep;
import static dev.portcullis.agent.store.Revisions.manifest;
import static dev.portcullis.agent.store.Revisions.own;
import static dev.portcullis.agent.store.Revisions.policy;
import static dev.portcullis.agent.store.Revisions.prepare;
import static dev.portcullis.agent.store.Revisions.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.agent.v1.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    private static final int LIMIT = 10;

    @TempDir private Path directory;

    private Store open() {
        return Store.open(directory, LIMIT);
    }

    private List<String> names(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path object(String policy) {
        return new Layout(directory).object(stored(policy).getSha256());
    }

    @Test
    void nothing_is_there_at_first() {
        try (Store store = open()) {
            assertThat(store.newest()).isEmpty();
            assertThat(store.damage().warnings()).isEmpty();
        }
    }

    @Test
    void the_newest_revision_is_there_after_a_restart_with_its_objects() {
        try (Store store = open()) {
            keep(store, 1);
            keep(store, 2);
        }
        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(2));
            assertThat(store.read(stored(own(2)))).isEqualTo(policy(own(2)));
        }
    }

    @Test
    void a_revision_that_was_not_published_never_was() throws IOException {
        try (Store store = open()) {
            keep(store, 1);
            prepare(store, 2);
        }
        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(1));
            assertThat(object(own(2))).doesNotExist();
            assertThat(names("revisions")).hasSize(1);
        }
    }

    @Test
    void a_revision_that_is_let_go_of_leaves_nothing() throws IOException {
        try (Store store = open()) {
            keep(store, 1);
            prepare(store, 2).abandon();

            assertThat(names("revisions")).hasSize(1);
            assertThat(object(own(2))).doesNotExist();
            assertThat(object(COMMON)).exists();
        }
    }

    @Test
    void an_object_that_comes_back_is_written_anew_if_its_file_is_damaged() throws IOException {
        try (Store store = open()) {
            keep(store, 1);
            keep(store, 2);
            Files.writeString(object(own(1)), "something else");
            Manifest again = manifest(1).toBuilder().setRevision(3).build();
            byte[] content = policy(own(1)).toByteArray();

            store.prepare(again, Map.of(Store.hash(content), content)).publish();
        }
        try (Store store = open()) {
            assertThat(store.newest().orElseThrow().getRevision()).isEqualTo(3);
        }
    }

    @Test
    void old_revisions_and_their_objects_are_dropped() throws IOException {
        try (Store store = open()) {
            for (int revision = 1; revision <= 25; revision++) {
                keep(store, revision);
            }
        }

        assertThat(names("revisions")).hasSize(LIMIT).first().isEqualTo("00000000000000000016");
        assertThat(names("objects")).hasSize(LIMIT + 1);
    }

    @Test
    void a_revision_that_is_written_again_counts_once() throws IOException {
        try (Store store = Store.open(directory, 2)) {
            keep(store, 1);
            keep(store, 1);
            keep(store, 2);
            keep(store, 3);
        }

        assertThat(object(own(1))).doesNotExist();
        assertThat(names("objects")).hasSize(3);
    }

    @Test
    void fewer_revisions_stay_after_a_start_that_is_to_keep_fewer() throws IOException {
        try (Store store = open()) {
            for (int revision = 1; revision <= 5; revision++) {
                keep(store, revision);
            }
        }
        try (Store store = Store.open(directory, 2)) {
            assertThat(store.newest()).contains(manifest(5));
        }

        assertThat(names("revisions")).hasSize(2);
        assertThat(names("objects")).hasSize(3);
    }

    @Test
    void a_second_agent_is_refused() {
        try (Store first = open()) {
            assertThat(first).isNotNull();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another agent uses");
        }
    }

    @Test
    void a_directory_that_is_a_file_is_one_sentence() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Store.open(file, LIMIT))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("can't use the state directory")
                .hasMessageContaining("stateDirectory");
    }
}

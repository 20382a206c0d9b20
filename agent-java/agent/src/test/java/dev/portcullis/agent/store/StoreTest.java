// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
    @TempDir private Path directory;

    private static Policy policy(long number) {
        return Policy.newBuilder().setMetadata(Metadata.newBuilder().setName("p" + number)).build();
    }

    private static StoredObject stored(long number) {
        return StoredObject.newBuilder()
                .setKind("Policy")
                .setName("p" + number)
                .setSha256(Store.hash(policy(number).toByteArray()))
                .build();
    }

    private static Manifest manifest(long revision) {
        return Manifest.newBuilder().setRevision(revision).addObjects(stored(revision)).build();
    }

    private static Store.Prepared prepare(Store store, long revision) {
        byte[] bytes = policy(revision).toByteArray();
        Map<ByteString, byte[]> contents = Map.of(Store.hash(bytes), bytes);
        return store.prepare(manifest(revision), contents);
    }

    private static void keep(Store store, long revision) {
        prepare(store, revision).publish();
    }

    private Path revision(long number) {
        return directory.resolve("revisions").resolve(String.format("%020d", number));
    }

    private long count(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.count();
        }
    }

    @Test
    void nothing_is_there_at_first() {
        try (Store store = Store.open(directory)) {
            assertThat(store.newest()).isEmpty();
        }
    }

    @Test
    void the_newest_revision_is_there_after_a_restart_with_its_objects() {
        try (Store store = Store.open(directory)) {
            keep(store, 1);
            keep(store, 2);
        }
        try (Store store = Store.open(directory)) {
            assertThat(store.newest()).contains(manifest(2));
            assertThat(store.read(stored(2))).isEqualTo(policy(2));
        }
    }

    @Test
    void a_revision_that_was_not_published_never_was() {
        try (Store store = Store.open(directory)) {
            keep(store, 1);
            prepare(store, 2);
        }
        try (Store store = Store.open(directory)) {
            assertThat(store.newest()).contains(manifest(1));
        }
    }

    @Test
    void a_manifest_cut_short_at_any_byte_is_put_aside_and_the_one_before_is_used()
            throws IOException {
        try (Store store = Store.open(directory)) {
            keep(store, 1);
            keep(store, 2);
            byte[] whole = Files.readAllBytes(revision(2));
            for (int length = 0; length < whole.length; length++) {
                Files.write(revision(2), Arrays.copyOf(whole, length));

                assertThat(store.newest()).as("%d bytes", length).contains(manifest(1));
            }
            assertThat(count("corrupt")).isEqualTo(whole.length);
        }
    }

    @Test
    void a_manifest_with_any_byte_changed_is_not_used() throws IOException {
        try (Store store = Store.open(directory)) {
            keep(store, 1);
            keep(store, 2);
            byte[] whole = Files.readAllBytes(revision(2));
            for (int at = 0; at < whole.length; at++) {
                byte[] changed = whole.clone();
                changed[at] ^= 0x10;
                Files.write(revision(2), changed);

                assertThat(store.newest()).as("byte %d", at).contains(manifest(1));
            }
        }
    }

    @Test
    void an_object_that_was_changed_on_disk_is_refused_with_what_to_do() throws IOException {
        try (Store store = Store.open(directory)) {
            keep(store, 1);
            try (Stream<Path> files = Files.list(directory.resolve("objects"))) {
                Files.writeString(files.findFirst().orElseThrow(), "something else");
            }

            assertThatThrownBy(() -> store.read(stored(1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("policy p1 is damaged")
                    .hasMessageContaining("backup");
        }
    }

    @Test
    void old_revisions_and_their_objects_are_dropped() throws IOException {
        try (Store store = Store.open(directory)) {
            for (int revision = 1; revision <= 25; revision++) {
                keep(store, revision);
            }
        }

        assertThat(count("revisions")).isEqualTo(Store.KEPT);
        assertThat(count("objects")).isEqualTo(Store.KEPT);
    }

    @Test
    void a_second_agent_is_refused() {
        try (Store first = Store.open(directory)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> Store.open(directory))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another agent uses");
        }
    }

    @Test
    void a_directory_that_is_a_file_is_one_sentence() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("can't use the state directory")
                .hasMessageContaining("stateDirectory");
    }
}

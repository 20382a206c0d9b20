// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static dev.portcullis.agent.store.Revisions.COMMON;
import static dev.portcullis.agent.store.Revisions.keep;
import static dev.portcullis.agent.store.Revisions.manifest;
import static dev.portcullis.agent.store.Revisions.own;
import static dev.portcullis.agent.store.Revisions.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk damages, and the store finds when it is opened. */
class DamageTest {
    private static final int LIMIT = 10;

    @TempDir private Path directory;
    private Layout layout;

    @BeforeEach
    void keepTwoRevisions() {
        layout = new Layout(directory);
        try (Store store = open()) {
            keep(store, 1);
            keep(store, 2);
        }
    }

    private Store open() {
        return Store.open(directory, LIMIT);
    }

    private Path object(String policy) {
        return layout.object(stored(policy).getSha256());
    }

    private List<Path> corrupt() throws IOException {
        return new CorruptFiles(layout.corrupt()).files();
    }

    private static byte[] flipped(byte[] whole, int at, int bits) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) bits;
        return changed;
    }

    /** Puts all back as it was before each damage, and wants revision 1 after it. */
    private void eachMakesRevision1Count(Path file, Stream<byte[]> damages) throws IOException {
        byte[] manifest = Files.readAllBytes(layout.revision(2));
        byte[] object = Files.readAllBytes(object(own(2)));
        for (byte[] damage : damages.toList()) {
            Files.write(layout.revision(2), manifest);
            Files.write(object(own(2)), object);
            Files.write(file, damage);

            try (Store store = open()) {
                assertThat(store.newest())
                        .as("%s is %s", file, ByteString.copyFrom(damage))
                        .contains(manifest(1));
                assertThat(file).doesNotExist();
            }
        }
    }

    @Test
    void a_manifest_cut_short_at_any_byte_is_put_aside_and_the_one_before_is_used()
            throws IOException {
        byte[] whole = Files.readAllBytes(layout.revision(2));

        eachMakesRevision1Count(
                layout.revision(2),
                IntStream.range(0, whole.length).mapToObj(length -> Arrays.copyOf(whole, length)));
    }

    @Test
    void a_manifest_with_any_byte_changed_is_not_used() throws IOException {
        byte[] whole = Files.readAllBytes(layout.revision(2));

        eachMakesRevision1Count(
                layout.revision(2),
                IntStream.range(0, whole.length).mapToObj(at -> flipped(whole, at, 0x10)));
    }

    @Test
    void an_object_cut_short_at_any_byte_makes_the_revision_before_count() throws IOException {
        byte[] whole = Files.readAllBytes(object(own(2)));

        eachMakesRevision1Count(
                object(own(2)),
                IntStream.range(0, whole.length).mapToObj(length -> Arrays.copyOf(whole, length)));
    }

    @Test
    void an_object_with_any_byte_changed_makes_the_revision_before_count() throws IOException {
        byte[] whole = Files.readAllBytes(object(own(2)));

        eachMakesRevision1Count(
                object(own(2)),
                IntStream.range(0, whole.length).mapToObj(at -> flipped(whole, at, 1)));
    }

    @Test
    void one_wrong_bit_in_a_large_object_is_found_wherever_it_is() throws IOException {
        Policy.Builder policy =
                Policy.newBuilder().setMetadata(Metadata.newBuilder().setName("large"));
        PolicySpec.Builder spec = policy.getSpecBuilder();
        IntStream.range(0, 200_000)
                .forEach(i -> spec.addRules(Rule.newBuilder().setSource("2001:db8::" + i)));
        byte[] whole = policy.build().toByteArray();
        StoredObject large =
                StoredObject.newBuilder()
                        .setKind("Policy")
                        .setName("large")
                        .setSha256(Store.hash(whole))
                        .build();
        Manifest manifest = Manifest.newBuilder().setRevision(3).addObjects(large).build();
        for (int at = 0; at < whole.length; at += whole.length / 7) {
            try (Store store = open()) {
                store.prepare(manifest, Map.of(large.getSha256(), whole)).publish();
            }
            Files.write(layout.object(large.getSha256()), flipped(whole, at, 0x80));

            try (Store store = open()) {
                assertThat(store.newest()).as("byte %d", at).contains(manifest(2));
            }
        }
    }

    @Test
    void an_object_that_is_gone_makes_the_revision_before_count() throws IOException {
        Files.delete(object(own(2)));

        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(1));
            assertThat(store.damage().warnings())
                    .containsExactly(
                            "revision 2 was found damaged at the start, because its manifest names"
                                    + " the policy p2, which is not there; the agent started with"
                                    + " revision 1",
                            "1 damaged file of the state directory went to "
                                    + layout.corrupt()
                                    + ": look at the disk, then remove what is there");
        }
    }

    @Test
    void a_manifest_under_another_number_is_not_used() throws IOException {
        Files.copy(layout.revision(1), layout.revision(3));

        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(2));
        }
    }

    @Test
    void a_damaged_manifest_is_kept_with_the_damaged_object_and_those_that_are_sound()
            throws IOException {
        Files.writeString(object(own(2)), "something else");

        open().close();

        assertThat(corrupt())
                .extracting(file -> file.getFileName().toString().replaceFirst("^[^-]*-", ""))
                .containsExactly(
                        layout.revision(2).getFileName().toString(),
                        object(own(2)).getFileName().toString());
        assertThat(object(COMMON)).exists();
    }

    @Test
    void damage_before_the_newest_revision_is_found_too_and_leaves_the_newest_in_force()
            throws IOException {
        Files.write(layout.revision(1), new byte[0]);

        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(2));
            assertThat(store.damage().files()).isEqualTo(1);
        }
    }

    @Test
    void the_warning_stays_until_the_kept_files_are_removed() throws IOException {
        Files.write(layout.revision(2), new byte[0]);
        open().close();

        try (Store store = open()) {
            assertThat(store.damage().warnings()).hasSize(1);
            Files.delete(corrupt().get(0));
            assertThat(store.damage().warnings()).isEmpty();
        }
    }

    @Test
    void no_more_than_twenty_damaged_files_are_kept_and_the_latest_of_them() throws IOException {
        CorruptFiles corrupt = new CorruptFiles(layout.corrupt());
        for (int i = 1; i <= CorruptFiles.MOST + 5; i++) {
            corrupt.add(Files.writeString(directory.resolve("file"), "number " + i));
        }

        assertThat(corrupt.files()).hasSize(CorruptFiles.MOST);
        assertThat(corrupt.files().get(0)).hasContent("number 6");
    }

    @Test
    void a_store_that_lost_every_revision_does_not_open_and_stays_as_it_is() throws IOException {
        Files.writeString(object(COMMON), "something else");

        for (int start = 1; start <= 2; start++) {
            assertThatThrownBy(this::open)
                    .as("start %d", start)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("no revision in the state directory")
                    .hasMessageContaining("policy common, which is not as it was stored")
                    .hasMessageContaining("restore the directory from a backup");
        }
        assertThat(layout.revision(1)).exists();
        assertThat(layout.revision(2)).exists();
        assertThat(corrupt()).isEmpty();
    }

    @Test
    void a_store_that_was_refused_may_be_opened_once_it_is_repaired() throws IOException {
        byte[] whole = Files.readAllBytes(object(COMMON));
        Files.write(object(COMMON), new byte[0]);
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        Files.write(object(COMMON), whole);

        try (Store store = open()) {
            assertThat(store.newest()).contains(manifest(2));
        }
    }

    @Test
    void an_object_that_is_damaged_while_the_agent_runs_is_refused_with_what_to_do()
            throws IOException {
        try (Store store = open()) {
            Files.writeString(object(own(2)), "something else");

            assertThatThrownBy(() -> store.read(stored(own(2))))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the stored policy p2 is not as it was stored")
                    .hasMessageContaining("restart the agent");
        }
    }
}

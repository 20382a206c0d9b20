// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static dev.portcullis.agent.store.Revisions.keep;
import static dev.portcullis.agent.store.Revisions.manifest;
import static dev.portcullis.agent.store.Revisions.prepare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system without room. */
class FullDiskTest {
    @TempDir private Path directory;
    private Path state;
    private Path filler;

    @BeforeEach
    void mount() throws Exception {
        run("mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", directory.toString());
        state = directory.resolve("state");
        filler = directory.resolve("filler");
        try (Store store = Store.open(state, 10)) {
            keep(store, 1);
        }
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", directory.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private void fill() {
        try (OutputStream to = Files.newOutputStream(filler)) {
            byte[] page = new byte[4096];
            while (true) {
                to.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            return files.sorted().toList();
        }
    }

    @Test
    void a_push_is_refused_in_a_sentence_and_the_next_one_works_once_there_is_room()
            throws IOException {
        try (Store store = Store.open(state, 10)) {
            List<Path> before = files();
            fill();

            assertThatThrownBy(() -> prepare(store, 2))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(
                            "can't write to the state directory "
                                    + state
                                    + " (No space left on device), so nothing was changed: make"
                                    + " room there, or give the agent's user the right to write"
                                    + " there, and push again");
            assertThat(files()).isEqualTo(before);

            Files.delete(filler);
            keep(store, 2);
        }
        try (Store store = Store.open(state, 10)) {
            assertThat(store.newest()).contains(manifest(2));
        }
    }

    @Test
    void objects_that_still_fitted_are_taken_away_when_a_later_one_does_not() throws IOException {
        Map<ByteString, byte[]> contents = new LinkedHashMap<>();
        Manifest.Builder manifest = Manifest.newBuilder().setRevision(2);
        for (int length : new int[] {10_000, 20_000, 400_000}) {
            byte[] content =
                    Policy.newBuilder()
                            .setMetadata(Metadata.newBuilder().setName("p".repeat(length)))
                            .build()
                            .toByteArray();
            contents.put(Store.hash(content), content);
            manifest.addObjects(
                    StoredObject.newBuilder()
                            .setKind("Policy")
                            .setName("p" + length)
                            .setSha256(Store.hash(content)));
        }
        try (Store store = Store.open(state, 10)) {
            List<Path> before = files();

            assertThatThrownBy(() -> store.prepare(manifest.build(), contents))
                    .isInstanceOf(StoreException.class);

            assertThat(files()).isEqualTo(before);
        }
    }

    @Test
    void an_agent_starts_on_a_full_disk() {
        fill();

        try (Store store = Store.open(state, 10)) {
            assertThat(store.newest()).contains(manifest(1));
        }
    }

    @Test
    void a_kept_file_stays_as_it_was() throws IOException {
        Path file = Files.writeString(state.resolve("names"), "before");
        fill();

        try (KeptFile kept = new KeptFile(state, "names", () -> new byte[8192])) {
            kept.save();

            assertThat(file).hasContent("before");
            assertThat(state.resolve("names.tmp")).doesNotExist();
        }
    }
}

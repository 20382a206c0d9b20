// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.store;

import static dev.portcullis.agent.store.Revisions.keep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State directories of other versions. */
class FormatTest {
    @TempDir private Path directory;

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = directory.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> !file.endsWith("lock")).sorted().toList();
        }
    }

    /** Written once, when version 1 was the only one; never to be written anew. */
    @Test
    void a_directory_of_version_1_is_read() throws IOException {
        copy(Path.of("src/test/resources/state-1"));

        try (Store store = Store.open(directory, 50)) {
            Manifest manifest = store.newest().orElseThrow();
            assertThat(manifest.getRevision()).isEqualTo(7);
            assertThat(manifest.getTime().getSeconds()).isEqualTo(1_767_225_600);
            assertThat(manifest.getObjectsList())
                    .extracting(StoredObject::getOwner)
                    .containsOnly("default");
            assertThat(manifest.getObjectsList())
                    .map(store::read)
                    .satisfiesExactly(
                            policy ->
                                    assertThat(((Policy) policy).getSpec().getRules(0).getSource())
                                            .isEqualTo("203.0.113.0/24"),
                            resource ->
                                    assertThat(((Resource) resource).getSpec().getPoliciesList())
                                            .containsExactly("office"));
        }
    }

    @Test
    void a_newer_version_is_named_and_nothing_is_touched() throws IOException {
        try (Store store = Store.open(directory, 50)) {
            keep(store, 1);
        }
        Path newer = new Layout(directory).revision(2);
        Files.write(
                newer, "portcullis manifest 2\nnobody knows".getBytes(StandardCharsets.US_ASCII));
        List<Path> before = files();

        assertThatThrownBy(() -> Store.open(directory, 50))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(
                        newer + " is of version 2 of the format, which a newer portcullis wrote")
                .hasMessageContaining("reads versions up to 1: install the newer one again");
        assertThat(files()).isEqualTo(before);
    }
}

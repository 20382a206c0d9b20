// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real cgroups of this test's own, below the host's root. */
class WorkloadBookTest {
    private static final Workload NGINX = new Workload.Unit("pc-nginx.service");

    private final Path root = CgroupTree.mounted().orElseThrow();
    private final Path slice = root.resolve("pc-test-" + ProcessHandle.current().pid() + ".slice");
    private final Semaphore changes = new Semaphore(0);
    private final WorkloadBook book = new WorkloadBook(Optional.of(root));

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(slice);
        book.onChange(changes::release);
    }

    @AfterEach
    void remove() throws IOException {
        book.close();
        Files.deleteIfExists(slice.resolve("pc-nginx.service"));
        Files.deleteIfExists(slice);
    }

    private void start() throws IOException {
        Files.createDirectory(slice.resolve("pc-nginx.service"));
    }

    private Cgroup nginx() throws IOException {
        Path directory = slice.resolve("pc-nginx.service");
        long id = (Long) Files.getAttribute(directory, "unix:ino");
        return new Cgroup(id, "/" + root.relativize(directory));
    }

    @Test
    void a_unit_is_found_by_its_name_wherever_it_is() throws IOException {
        start();

        assertThat(book.resolveNow(Set.of(NGINX)).get(NGINX)).isEqualTo(List.of(nginx()));
    }

    @Test
    void a_cgroup_is_found_by_its_path() throws IOException {
        start();
        Workload path = new Workload.CgroupPath(nginx().path());

        assertThat(book.resolveNow(Set.of(path)).get(path)).isEqualTo(List.of(nginx()));
    }

    @Test
    void a_unit_that_starts_later_is_told_at_once_and_one_that_stops_too() throws Exception {
        book.follow(Set.of(NGINX));
        assertThat(book.cgroups().get(NGINX)).isEmpty();

        start();
        assertThat(changes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(book.cgroups().get(NGINX)).isEqualTo(List.of(nginx()));

        Files.delete(slice.resolve("pc-nginx.service"));
        assertThat(changes.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(book.cgroups().get(NGINX)).isEmpty();
    }

    @Test
    void other_cgroups_are_not_told() throws Exception {
        book.follow(Set.of(new Workload.Unit("pc-other.service")));

        start();

        assertThat(changes.tryAcquire(3, TimeUnit.SECONDS)).isFalse();
    }
}

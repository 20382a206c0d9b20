// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {
    @TempDir private Path root;
    private MountTable table;

    @BeforeEach
    void read() throws IOException {
        table =
                MountTable.of(
                        new FakeHost(root)
                                .with(
                                        "/proc/self/mountinfo",
                                        """
                                        21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
                                        22 21 0:21 / /pc-none rw - tmpfs tmpfs rw
                                        23 22 0:22 / /pc-none/under rw shared:2 master:3 - bpf bpf rw
                                        24 21 0:23 / /pc-two\\040words\\134 rw - xfs /dev/vdb rw
                                        25 22 0:24 / /pc-none/under/late rw - ext4 /dev/vdc rw
                                        26 22 0:25 / /pc-none/under/late rw - tmpfs tmpfs rw
                                        """)
                                .host());
    }

    private String type(String path) {
        return table.type(Path.of(path)).orElseThrow();
    }

    @Test
    void the_mount_that_is_nearest_above_counts() {
        assertThat(type("/pc-elsewhere/a")).isEqualTo("ext4");
        assertThat(type("/pc-none/a")).isEqualTo("tmpfs");
        assertThat(type("/pc-none/under/a")).isEqualTo("bpf");
    }

    @Test
    void a_name_that_only_begins_like_a_mount_is_elsewhere() {
        assertThat(type("/pc-nonesuch")).isEqualTo("ext4");
    }

    @Test
    void blanks_and_backslashes_in_names_are_read() {
        assertThat(type("/pc-two words\\/a")).isEqualTo("xfs");
    }

    @Test
    void of_two_at_one_place_the_later_one_is_seen() {
        assertThat(type("/pc-none/under/late/a")).isEqualTo("tmpfs");
    }

    @Test
    void symbolic_links_are_followed() throws IOException {
        Path disk = Files.createDirectory(root.resolve("disk")).toRealPath();
        Path link = Files.createSymbolicLink(root.resolve("link"), disk);
        String mount = "27 21 0:26 / " + disk + " rw - btrfs /dev/vdd rw\n";

        table = MountTable.of(new FakeHost(root).with("/proc/self/mountinfo", mount).host());

        assertThat(type(link + "/under")).isEqualTo("btrfs");
    }

    @Test
    void without_a_table_nothing_is_known() throws IOException {
        MountTable none = MountTable.of(new Host(root.resolve("nowhere")));

        assertThat(none.type(Path.of("/"))).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of pins and state, on the file systems of the machine that the tests run on. */
class DirectoriesTest {
    private final Path bpffs = Path.of("/sys/fs/bpf/pcdoc-" + ProcessHandle.current().pid());
    private final Host host = Host.here();

    @TempDir private Path root;
    private Path state;

    @BeforeEach
    void make() throws IOException {
        state = Files.createDirectory(root.resolve("state"));
        if (!Files.getFileStore(bpffs.getParent()).type().equals("bpf")) {
            FakeHost.run("mount", "-t", "bpf", "bpf", bpffs.getParent().toString());
        }
    }

    @AfterEach
    void remove() {
        FakeHost.run("rm", "-rf", bpffs.toString());
    }

    private Finding pins(Path directory) throws IOException {
        return new BpffsCheck(host, directory).findings().get(0);
    }

    private Finding state(Path directory) throws IOException {
        return new StateDirectoryCheck(host, directory).findings().get(0);
    }

    private Finding disk(Path directory) throws IOException {
        return new StateDirectoryCheck(host, directory).findings().get(1);
    }

    private static Finding judged(Path directory, String agentUser) throws IOException {
        return Ownership.of(directory).judge(Subject.DIRECTORIES, "state", Optional.of(agentUser));
    }

    private static void chmod(String mode, Path directory) {
        FakeHost.run("chmod", mode, directory.toString());
    }

    @Test
    void pins_on_a_bpffs_that_are_root_s_alone_are_fine() throws IOException {
        Files.createDirectory(bpffs);
        chmod("0700", bpffs);

        Finding pins = judged(bpffs, "root");

        assertThat(pins.result()).isEqualTo(Result.OK);
        assertThat(pins.found()).isEqualTo(bpffs + " (0700) is root's");
    }

    @Test
    void a_directory_on_another_file_system_fails_with_the_mount_to_make() throws IOException {
        Finding pins = pins(state);

        assertThat(pins.result()).isEqualTo(Result.FAILED);
        assertThat(pins.found()).startsWith(state + " is not on a bpffs, but on ");
        assertThat(pins.remedy()).contains("mount -t bpf bpf /sys/fs/bpf");
    }

    @Test
    void a_directory_of_pins_that_is_not_there_is_warned_of() throws IOException {
        Finding pins = pins(bpffs);

        assertThat(pins.result()).isEqualTo(Result.WARNING);
        assertThat(pins.found()).isEqualTo(bpffs + " is not there");
        assertThat(pins.remedy()).contains("make it after each boot");
    }

    @Test
    void a_directory_that_others_may_look_into_is_warned_of() throws IOException {
        chmod("0750", state);

        Finding found = judged(state, "root");

        assertThat(found.result()).isEqualTo(Result.WARNING);
        assertThat(found.found()).isEqualTo(state + " (0750) is root's, and others may look in");
        assertThat(found.remedy()).isEqualTo("\"chmod 0700 " + state + "\"");
    }

    @Test
    void a_directory_of_another_user_than_the_unit_s_is_warned_of() throws IOException {
        chmod("0755", state);

        Finding found = judged(state, "nobody");

        assertThat(found.result()).isEqualTo(Result.WARNING);
        assertThat(found.found()).contains("is root's, and the unit runs the agent as nobody");
        assertThat(found.remedy())
                .isEqualTo("\"chown -R nobody: " + state + " && chmod 0700 " + state + "\"");
    }

    @Test
    void a_directory_that_its_owner_may_not_write_to_fails() throws IOException {
        chmod("0500", state);

        Finding found = judged(state, "root");

        assertThat(found.result()).isEqualTo(Result.FAILED);
        assertThat(found.remedy()).isEqualTo("\"chmod 0700 " + state + "\"");
    }

    @Test
    void a_state_directory_that_is_not_there_is_warned_of_with_the_way_to_make_it()
            throws IOException {
        Path missing = state.resolve("none");

        Finding found = state(missing);

        assertThat(found.result()).isEqualTo(Result.WARNING);
        assertThat(found.remedy()).contains("install -d -m 0700 -o ", missing.toString());
        assertThat(disk(missing).result()).isEqualTo(Result.OK);
    }

    @Test
    void a_state_directory_that_is_a_file_fails() throws IOException {
        Path file = Files.createFile(state.resolve("file"));

        assertThat(state(file).result()).isEqualTo(Result.FAILED);
    }

    @Test
    void state_in_memory_fails_since_a_boot_would_lose_it() throws IOException {
        FakeHost.run("mount", "-t", "tmpfs", "tmpfs", state.toString());
        try {
            Finding disk = disk(state);

            assertThat(disk.result()).isEqualTo(Result.FAILED);
            assertThat(disk.found()).startsWith(state + " is on a tmpfs");
        } finally {
            FakeHost.run("umount", state.toString());
        }
    }

    @Test
    void a_disk_with_little_room_is_warned_of() throws IOException {
        // A tmpfs by its size alone: the table of mounts that is looked at says otherwise.
        FakeHost.run("mount", "-t", "tmpfs", "-o", "size=50m", "tmpfs", state.toString());
        try {
            Host told =
                    new FakeHost(root)
                            .with("/proc/self/mountinfo", "1 0 1:1 / / rw - ext4 /dev/vda rw\n")
                            .host();

            Finding disk = new StateDirectoryCheck(told, state).findings().get(1);

            assertThat(disk.result()).isEqualTo(Result.WARNING);
            assertThat(disk.found()).startsWith("52 MB are free (ext4)");
        } finally {
            FakeHost.run("umount", state.toString());
        }
    }

    @Test
    void a_disk_that_can_not_be_written_fails() throws IOException {
        Host told =
                new FakeHost(root)
                        .with("/proc/self/mountinfo", "1 0 1:1 / / rw - ext4 /dev/vda rw\n")
                        .host();
        FakeHost.run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", state.toString());
        try {
            Finding disk = new StateDirectoryCheck(told, state).findings().get(1);

            assertThat(disk.result()).isEqualTo(Result.FAILED);
            assertThat(disk.found()).contains("mounted read-only");
        } finally {
            FakeHost.run("umount", state.toString());
        }
    }

    @Test
    void the_unit_s_user_is_known_where_the_host_has_it() throws IOException {
        FakeHost fake = new FakeHost(root);
        assertThat(fake.host().agentUser()).isEmpty();

        fake.with("/etc/passwd", "root:x:0:0::/:\nportcullis:x:998:998::/:\n");

        assertThat(fake.host().agentUser()).contains("portcullis");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockCheckTest {
    private static final Instant WRITTEN = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir private Path root;
    private Path state;

    @BeforeEach
    void write() throws IOException {
        state = Files.createDirectory(root.resolve("state"));
        Path names = Files.createFile(state.resolve("names"));
        Files.setLastModifiedTime(names, FileTime.from(WRITTEN));
    }

    private List<Finding> findings(Instant now) throws IOException {
        return new ClockCheck(new Host(root), now, List.of(root.resolve("none"), state)).findings();
    }

    private Finding time(Instant now) throws IOException {
        return findings(now).get(0);
    }

    private Finding synchronised() throws IOException {
        return findings(WRITTEN).get(1);
    }

    @Test
    void a_time_after_what_was_written_is_plausible() throws IOException {
        Finding time = time(WRITTEN.plusSeconds(1));

        assertThat(time.result()).isEqualTo(Result.OK);
        assertThat(time.found()).isEqualTo("2026-03-01T12:00:01Z");
    }

    @Test
    void a_time_before_what_was_written_fails_and_says_what_goes_by_it() throws IOException {
        Finding time = time(Instant.EPOCH);

        assertThat(time.result()).isEqualTo(Result.FAILED);
        assertThat(time.found())
                .startsWith("it is 1970-01-01T00:00:00Z, which is before " + state)
                .contains("2026-03-01T12:00:00Z", "certificates");
        assertThat(time.remedy()).contains("timedatectl");
    }

    @Test
    void clocks_of_two_machines_may_differ_a_little() throws IOException {
        assertThat(time(WRITTEN.minus(Duration.ofMinutes(4))).result()).isEqualTo(Result.OK);
    }

    @Test
    void timesyncd_tells_that_it_has_synchronised() throws IOException {
        new FakeHost(root).with("/run/systemd/timesync/synchronized", "");

        assertThat(synchronised().result()).isEqualTo(Result.OK);
    }

    @Test
    void timesyncd_that_has_reached_nobody_is_warned_of() throws IOException {
        Files.createDirectories(root.resolve("run/systemd/timesync"));

        assertThat(synchronised().result()).isEqualTo(Result.WARNING);
    }

    @Test
    void chronyd_has_to_be_asked_by_people() throws IOException {
        new FakeHost(root).with("/run/chrony/chronyd.pid", "7\n");

        Finding synchronised = synchronised();

        assertThat(synchronised.result()).isEqualTo(Result.UNKNOWN);
        assertThat(synchronised.remedy()).contains("chronyc tracking");
    }

    @Test
    void where_nothing_keeps_the_clock_it_is_unknown() throws IOException {
        assertThat(synchronised().result()).isEqualTo(Result.UNKNOWN);
        assertThat(synchronised().remedy()).contains("chrony");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.BpfException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir private Path directory;

    /** A check that can't look. */
    private record Failing(Exception failure) implements Check {
        @Override
        public Subject subject() {
            return Subject.KERNEL;
        }

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public List<Finding> findings() throws IOException {
            if (failure instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) failure;
        }
    }

    private static Finding of(Exception failure) {
        return Doctor.findings(new Failing(failure)).get(0);
    }

    @Test
    void without_a_configuration_all_that_needs_none_is_looked_at_in_order() {
        List<Finding> findings = Doctor.examine(directory.resolve("none.yaml"));

        assertThat(findings).extracting(Finding::subject).isSorted().contains(Subject.values());
        assertThat(findings)
                .extracting(Finding::check)
                .startsWith("agent.yaml", "version", "btf", "jit", "memlock", "java", "libbpf")
                .endsWith("state", "state disk", "interfaces", "time", "synchronised");
        assertThat(findings)
                .filteredOn(finding -> finding.subject() == Subject.RIGHTS)
                .extracting(Finding::result)
                .containsExactly(Result.OK, Result.OK);
    }

    @Test
    void every_finding_that_is_not_ok_has_a_remedy() {
        List<Finding> findings = Doctor.examine(directory.resolve("none.yaml"));

        assertThat(findings)
                .allMatch(f -> f.remedy().isEmpty() == (f.result() == Result.OK))
                .noneMatch(f -> f.found().isEmpty());
    }

    @Test
    void a_file_that_may_not_be_read_is_unknown_and_root_is_to_ask() {
        Finding finding = of(new AccessDeniedException("/proc/secret"));

        assertThat(finding.result()).isEqualTo(Result.UNKNOWN);
        assertThat(finding.found()).isEqualTo("/proc/secret may not be looked at by this user");
        assertThat(finding.remedy()).contains("sudo portcullis doctor");
    }

    @Test
    void a_disk_that_fails_is_a_finding() {
        assertThat(of(new IOException("input/output error")).found())
                .isEqualTo("a file can't be read: input/output error");
    }

    @Test
    void a_kernel_that_refuses_to_tell_is_a_finding() {
        assertThat(of(new BpfException("open", "the netlink socket", 1)).found())
                .isEqualTo("open the netlink socket: operation not permitted (EPERM)");
    }
}

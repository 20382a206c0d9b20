// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.HostFinding;
import dev.portcullis.api.v1.HostReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTextTest {
    private static final HostFinding VERSION =
            finding("kernel", "version", "ok", "Linux 6.1.0", "");
    private static final HostFinding JIT =
            finding(
                    "kernel",
                    "jit",
                    "warning",
                    "programs are interpreted, which is several times slower"
                            + " (net.core.bpf_jit_enable is 0)",
                    "\"sysctl -w net.core.bpf_jit_enable=1\", and write that to a file in /etc/sysctl.d");
    private static final HostFinding DRIVER =
            finding("interfaces", "eth1 driver", "ok", "virtio_net has native XDP", "");

    private static HostFinding finding(
            String subject, String check, String result, String found, String remedy) {
        return HostFinding.newBuilder()
                .setSubject(subject)
                .setCheck(check)
                .setResult(result)
                .setFound(found)
                .setRemedy(remedy)
                .build();
    }

    private static HostReport.Builder report() {
        return HostReport.newBuilder()
                .addAllFindings(List.of(VERSION, JIT, DRIVER))
                .setOk(2)
                .setWarnings(1);
    }

    private static String sum(HostReport.Builder report) {
        return DoctorText.of(report.build()).lines().reduce((one, other) -> other).orElseThrow();
    }

    @Test
    void rows_are_below_their_subjects_and_remedies_on_lines_of_their_own() {
        assertThat(DoctorText.of(report().build()))
                .isEqualTo(
                        """
                        KERNEL
                          ok       version      Linux 6.1.0
                          warning  jit          programs are interpreted, which is several times slower
                                                (net.core.bpf_jit_enable is 0)
                                                remedy: "sysctl -w net.core.bpf_jit_enable=1", and write that to a file in
                                                        /etc/sysctl.d

                        INTERFACES
                          ok       eth1 driver  virtio_net has native XDP

                        this host can be guarded: 2 ok, 1 warning, 0 failed, 0 unknown
                        """);
    }

    @Test
    void no_line_is_longer_than_100_columns() {
        HostFinding wordy =
                finding(
                        "clock",
                        "time",
                        "warning",
                        "one word after another ".repeat(30),
                        "x ".repeat(99));

        String text = DoctorText.of(report().addFindings(wordy).build());

        assertThat(text.lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void what_failed_is_in_the_last_line() {
        assertThat(sum(report().setFailed(1)))
                .startsWith("this host can't be guarded as it is: ")
                .contains("1 failed");
    }

    @Test
    void what_is_unknown_is_in_the_last_line() {
        assertThat(sum(report().setUnknown(2)))
                .startsWith("nothing that could be looked at is in the way: ")
                .endsWith("2 unknown");
    }
}

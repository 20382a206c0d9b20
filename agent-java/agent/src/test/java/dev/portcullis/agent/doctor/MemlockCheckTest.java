// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemlockCheckTest {
    @TempDir private Path root;

    private Finding finding(String kernel, String limit) throws IOException {
        FakeHost host = new FakeHost(root).withKernel(kernel);
        host.with(
                "/proc/self/limits",
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95826                95826                processes
                Max locked memory         %s              8388608              bytes
                """
                        .formatted(limit));
        return new MemlockCheck(host.host()).findings().get(0);
    }

    @Test
    void newer_kernels_count_no_maps_against_it() throws IOException {
        Finding memlock = finding("6.1.0", "65536");

        assertThat(memlock.result()).isEqualTo(Result.OK);
        assertThat(memlock.found()).startsWith("65536 bytes, which Linux 5.11 and newer do not");
    }

    @Test
    void before_5_11_a_limit_is_in_the_way() throws IOException {
        Finding memlock = finding("5.10.0", "65536");

        assertThat(memlock.result()).isEqualTo(Result.WARNING);
        assertThat(memlock.remedy()).contains("LimitMEMLOCK=infinity");
    }

    @Test
    void before_5_11_no_limit_is_fine() throws IOException {
        assertThat(finding("5.10.0", "unlimited").result()).isEqualTo(Result.OK);
    }

    @Test
    void this_process_has_a_limit_that_is_understood() throws IOException {
        assertThat(new MemlockCheck(Host.here()).findings().get(0).result()).isEqualTo(Result.OK);
    }

    @Test
    void without_proc_it_is_unknown() throws IOException {
        Finding memlock = new MemlockCheck(new Host(root)).findings().get(0);

        assertThat(memlock.result()).isEqualTo(Result.UNKNOWN);
    }
}

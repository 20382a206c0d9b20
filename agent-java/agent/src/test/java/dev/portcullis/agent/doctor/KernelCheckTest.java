// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCheckTest {
    @TempDir private Path root;

    private Finding version(String release) throws IOException {
        Host host = new FakeHost(root).withKernel(release).host();
        return new KernelCheck(host).findings().get(0);
    }

    private Finding btf() throws IOException {
        return new KernelCheck(new Host(root)).findings().get(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1.0-31-amd64", "6.1", "6.18.44-fc-v782", "7.0.0-rc1", "10.0"})
    void linux_6_1_and_newer_will_do(String release) throws IOException {
        Finding version = version(release);

        assertThat(version.result()).isEqualTo(Result.OK);
        assertThat(version.found()).isEqualTo("Linux " + release);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.0.19", "5.15.0-91-generic", "4.18.0-553.el8.x86_64"})
    void an_older_one_fails_with_a_remedy(String release) throws IOException {
        Finding version = version(release);

        assertThat(version.result()).isEqualTo(Result.FAILED);
        assertThat(version.found()).isEqualTo("Linux " + release + " is older than 6.1");
        assertThat(version.remedy()).startsWith("boot a kernel of 6.1 or newer");
    }

    @Test
    void what_is_no_version_is_unknown() throws IOException {
        assertThat(version("unreleased").result()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void without_the_file_the_version_is_unknown() throws IOException {
        Finding version = new KernelCheck(new Host(root)).findings().get(0);

        assertThat(version.result()).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void a_kernel_without_btf_is_warned_of() throws IOException {
        assertThat(btf().result()).isEqualTo(Result.WARNING);
        assertThat(btf().found()).contains("CONFIG_DEBUG_INFO_BTF");
    }

    @Test
    void a_kernel_with_btf_is_fine() throws IOException {
        new FakeHost(root).with("/sys/kernel/btf/vmlinux", "");

        assertThat(btf().result()).isEqualTo(Result.OK);
    }

    @Test
    void the_kernel_that_the_tests_run_on_will_do() throws IOException {
        assertThat(new KernelCheck(Host.here()).findings())
                .extracting(Finding::result)
                .containsExactly(Result.OK, Result.OK);
    }
}

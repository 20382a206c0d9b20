// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JitCheckTest {
    @TempDir private Path root;

    private Finding finding(Optional<Boolean> compiled) throws IOException {
        return new JitCheck(new Host(root), compiled).findings().get(0);
    }

    private Finding setting(String value) throws IOException {
        new FakeHost(root).with("/proc/sys/net/core/bpf_jit_enable", value + "\n");
        return finding(Optional.empty());
    }

    @Test
    void one_means_compiled() throws IOException {
        assertThat(setting("1").result()).isEqualTo(Result.OK);
    }

    @Test
    void zero_means_interpreted_and_tells_how_to_turn_it_on() throws IOException {
        Finding jit = setting("0");

        assertThat(jit.result()).isEqualTo(Result.WARNING);
        assertThat(jit.found()).contains("interpreted", "net.core.bpf_jit_enable is 0");
        assertThat(jit.remedy()).contains("sysctl -w net.core.bpf_jit_enable=1");
    }

    @Test
    void two_is_for_debugging() throws IOException {
        Finding jit = setting("2");

        assertThat(jit.result()).isEqualTo(Result.WARNING);
        assertThat(jit.found()).contains("kernel's log");
    }

    @Test
    void without_the_setting_a_program_that_was_loaded_tells() throws IOException {
        assertThat(finding(Optional.of(true)).result()).isEqualTo(Result.OK);
        assertThat(finding(Optional.of(false)).result()).isEqualTo(Result.WARNING);
    }

    @Test
    void without_both_it_is_unknown_and_root_is_to_ask() throws IOException {
        Finding jit = finding(Optional.empty());

        assertThat(jit.result()).isEqualTo(Result.UNKNOWN);
        assertThat(jit.remedy()).contains("as root");
    }
}

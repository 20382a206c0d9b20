// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LibraryCheckTest {
    private final LibraryCheck real = new LibraryCheck(Library.load());

    @Test
    void this_host_s_libbpf_is_told_with_its_backend_and_java() {
        assertThat(real.findings()).extracting(Finding::result).containsOnly(Result.OK);
        assertThat(real.findings().get(0).found()).startsWith("Java " + Runtime.version());
        assertThat(real.findings().get(1).found()).matches("libbpf 1\\.\\d+.*, called through jnr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "1.7", "1.10", "2.0"})
    void libbpf_1_1_and_newer_will_do(String version) {
        assertThat(real.of(version, "jnr").result()).isEqualTo(Result.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "0.8", "unknown"})
    void an_older_libbpf_fails(String version) {
        assertThat(real.of(version, "jnr").result()).isEqualTo(Result.FAILED);
    }

    @Test
    void a_library_that_is_missing_is_told_with_the_package_to_install() {
        String message =
                LibbpfUnavailableException.missingLibrary(
                                new UnsatisfiedLinkError("libelf.so.1: no such file"))
                        .getMessage();

        Finding libbpf = new LibraryCheck(new Library(Optional.empty(), message)).findings().get(1);

        assertThat(libbpf.result()).isEqualTo(Result.FAILED);
        assertThat(libbpf.found())
                .isEqualTo("libbpf.so.1 can't be loaded (libelf.so.1: no such file)");
        assertThat(libbpf.remedy()).isEqualTo("install Debian's package libbpf1");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendSelectionTest {
    private static final Predicate<String> BOTH =
            List.of(BackendSelection.PANAMA, BackendSelection.JNR)::contains;
    private static final Predicate<String> NONE = List.<String>of()::contains;

    @AfterEach
    void forget_the_setting() {
        System.clearProperty("portcullis.libbpf");
    }

    @Test
    void auto_takes_panama_where_the_jdk_has_it() {
        assertThat(BackendSelection.choose("auto", 22, BOTH)).isEqualTo(BackendSelection.PANAMA);
    }

    @Test
    void auto_takes_jnr_on_an_older_jdk() {
        assertThat(BackendSelection.choose("auto", 21, BOTH)).isEqualTo(BackendSelection.JNR);
    }

    @Test
    void auto_takes_jnr_where_panama_is_not_on_the_class_path() {
        assertThat(BackendSelection.choose("auto", 25, BackendSelection.JNR::equals))
                .isEqualTo(BackendSelection.JNR);
    }

    @Test
    void the_operators_choice_goes_first() {
        assertThat(BackendSelection.choose("jnr", 25, BOTH)).isEqualTo(BackendSelection.JNR);
    }

    @Test
    void panama_on_an_old_jdk_is_refused_with_a_remedy() {
        assertThatThrownBy(() -> BackendSelection.choose("panama", 17, BOTH))
                .isInstanceOf(LibbpfUnavailableException.class)
                .hasMessage(
                        "the panama backend needs JDK 22 or newer, and this is 17:"
                                + " set portcullis.libbpf to jnr or auto");
    }

    @Test
    void a_backend_that_is_not_there_is_refused_with_a_remedy() {
        assertThatThrownBy(() -> BackendSelection.choose("panama", 25, NONE))
                .hasMessage("the panama backend is not on the class path: add libbpf-panama");
        assertThatThrownBy(() -> BackendSelection.choose("auto", 25, NONE))
                .hasMessage("the jnr backend is not on the class path: add libbpf-jnr");
    }

    @Test
    void an_unknown_choice_is_refused_with_the_known_ones() {
        assertThatThrownBy(() -> BackendSelection.choose("jna", 25, BOTH))
                .hasMessage("portcullis.libbpf is \"jna\": it has to be auto, panama or jnr");
    }

    @Test
    void a_missing_library_is_one_sentence_with_debians_package() {
        Throwable cause =
                new UnsatisfiedLinkError("cannot open shared object file\nSearched: /lib");

        assertThat(LibbpfUnavailableException.missingLibrary(cause))
                .hasMessage(
                        "libbpf.so.1 can't be loaded (cannot open shared object file):"
                                + " install Debian's package libbpf1");
    }

    @Test
    void the_system_property_is_what_the_operator_asked_for() {
        System.setProperty("portcullis.libbpf", "jnr");

        assertThat(BackendSelection.setting()).isEqualTo("jnr");
    }
}

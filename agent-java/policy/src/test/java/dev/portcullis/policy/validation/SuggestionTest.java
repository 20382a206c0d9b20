// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("office", "TCP", "ANY", "endPort", "web-1");

    @ParameterizedTest(name = "{0} was meant to be {1}")
    @CsvSource({
        "offcie, office",
        "ofice, office",
        "tcp, TCP",
        "TPC, TCP",
        "end_port, endPort",
        "endport, endPort",
        "web-2, web-1",
    })
    void a_slip_finds_the_word_that_was_meant(String given, String meant) {
        assertThat(Suggestion.of(given, KNOWN)).contains(meant);
    }

    @ParameterizedTest(name = "{0} is like none of them")
    @CsvSource({"''", "x", "home", "database"})
    void another_word_finds_none(String given) {
        assertThat(Suggestion.of(given, KNOWN)).isEmpty();
    }
}

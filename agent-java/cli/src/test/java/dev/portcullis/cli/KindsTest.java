// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.ObjectKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindsTest {
    @ParameterizedTest
    @CsvSource({
        "policy, POLICY",
        "policies, POLICY",
        "Policy, POLICY",
        "resource, RESOURCE",
        "resources, RESOURCE",
        "association, ASSOCIATION",
        "associations, ASSOCIATION",
        "address-set, ADDRESS_SET",
        "address-sets, ADDRESS_SET",
        "addressset, ADDRESS_SET",
        "AddressSets, ADDRESS_SET"
    })
    void a_kind_is_known_by_its_singular_and_its_plural(String word, ObjectKind kind) {
        assertThat(Kinds.of(word)).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "policys", "rule", "address"})
    void other_words_are_no_kind(String word) {
        assertThat(Kinds.of(word)).isEmpty();
    }
}

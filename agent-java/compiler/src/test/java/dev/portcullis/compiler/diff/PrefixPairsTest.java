// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrefixPairsTest {
    private final PrefixTable.Builder before = new PrefixTable.Builder(Family.IPV4);
    private final PrefixTable.Builder after = new PrefixTable.Builder(Family.IPV4);

    @Test
    void equal_tables_are_told_as_one_stretch() {
        before.add(prefix("10.0.0.0", 8), 1);
        after.add(prefix("10.0.0.0", 8), 1);

        assertThat(changes()).containsExactly("0.0.0.0/0 same");
    }

    @Test
    void a_prefix_less_leaves_the_fewest_that_do_not_overlap() {
        before.add(prefix("10.0.0.0", 8), 1);
        after.add(prefix("10.0.0.0", 8), 1);
        after.add(prefix("10.64.0.0", 10), 2);

        assertThat(changes())
                .filteredOn(told -> !told.endsWith("same"))
                .containsExactly("10.64.0.0/10 1 to 2");
    }

    @Test
    void halves_that_change_alike_are_one_again() {
        before.add(prefix("10.0.0.0", 8), 1);
        after.add(prefix("10.0.0.0", 9), 2);
        after.add(prefix("10.128.0.0", 9), 2);

        assertThat(changes())
                .filteredOn(told -> !told.endsWith("same"))
                .containsExactly("10.0.0.0/8 1 to 2");
    }

    @Test
    void what_a_table_does_not_hold_is_0() {
        after.add(prefix("255.255.255.255", 32), 3);

        assertThat(changes()).contains("255.255.255.255/32 0 to 3");
    }

    @Test
    void stretches_come_from_the_lowest_address_to_the_highest() {
        after.add(prefix("10.0.0.0", 9), 1);
        after.add(prefix("10.192.0.0", 10), 1);

        assertThat(changes())
                .containsSubsequence(
                        "10.0.0.0/9 0 to 1", "10.128.0.0/10 same", "10.192.0.0/10 0 to 1");
    }

    private static Prefix prefix(String network, int length) {
        return new Prefix(Address.parse(network), length);
    }

    private List<String> changes() {
        List<String> told = new ArrayList<>();
        PrefixPairs.walk(
                before.build(),
                after.build(),
                (a, b) -> a == b ? 0 : 10 * a + b,
                (prefix, result) ->
                        told.add(
                                prefix
                                        + (result == 0
                                                ? " same"
                                                : " " + result / 10 + " to " + result % 10)));
        return told;
    }
}

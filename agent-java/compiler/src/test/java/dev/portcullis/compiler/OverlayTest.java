// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverlayTest {
    private static final int A = 0;
    private static final int B = 1;

    private final Overlay overlay = new Overlay();

    @Test
    void members_of_a_covering_prefix_are_pushed_down_into_the_more_specific_one() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("10.1.0.0", 16), B);

        assertThat(entries(Family.IPV4)).containsExactly("10.0.0.0/8 [0]", "10.1.0.0/16 [0, 1]");
    }

    @Test
    void an_entry_that_says_what_its_parent_says_is_dropped() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("10.1.0.0", 16), A);

        assertThat(entries(Family.IPV4)).containsExactly("10.0.0.0/8 [0]");
    }

    @Test
    void a_prefix_below_a_dropped_one_still_gets_its_own_members() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("10.1.0.0", 16), A);
        overlay.add(prefix("10.1.1.0", 24), B);

        assertThat(entries(Family.IPV4)).containsExactly("10.0.0.0/8 [0]", "10.1.1.0/24 [0, 1]");
    }

    @Test
    void neighbours_do_not_leak_into_each_other() {
        overlay.add(prefix("10.0.0.0", 9), A);
        overlay.add(prefix("10.128.0.0", 9), B);

        assertThat(entries(Family.IPV4)).containsExactly("10.0.0.0/9 [0]", "10.128.0.0/9 [1]");
    }

    @Test
    void addresses_above_the_sign_bit_sort_as_unsigned_numbers() {
        overlay.add(prefix("ffff::", 16), A);
        overlay.add(prefix("::", 0), B);
        overlay.add(prefix("1::", 16), A);

        assertThat(entries(Family.IPV6))
                .containsExactly("::/0 [1]", "1::/16 [0, 1]", "ffff::/16 [0, 1]");
    }

    @Test
    void a_hole_takes_its_member_out_and_leaves_the_others() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("10.0.0.0", 8), B);
        overlay.except(prefix("10.1.0.0", 16), A);

        assertThat(entries(Family.IPV4)).containsExactly("10.0.0.0/8 [0, 1]", "10.1.0.0/16 [1]");
    }

    @Test
    void a_longer_prefix_inside_a_hole_counts_again() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.except(prefix("10.1.0.0", 16), A);
        overlay.add(prefix("10.1.1.0", 24), A);

        assertThat(entries(Family.IPV4))
                .containsExactly("10.0.0.0/8 [0]", "10.1.0.0/16 []", "10.1.1.0/24 [0]");
    }

    @Test
    void a_hole_of_the_whole_prefix_leaves_nothing_of_it() {
        overlay.except(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("10.0.0.0", 8), A);

        assertThat(entries(Family.IPV4)).isEmpty();
    }

    @Test
    void the_families_share_the_numbers_of_sets() {
        overlay.add(prefix("10.0.0.0", 8), A);
        overlay.add(prefix("2001:db8::", 32), A);

        int set4 = overlay.table(Family.IPV4).value(0);
        int set6 = overlay.table(Family.IPV6).value(0);

        assertThat(set4).isEqualTo(set6);
    }

    private static Prefix prefix(String network, int length) {
        return new Prefix(Address.parse(network), length);
    }

    private List<String> entries(Family family) {
        PrefixTable table = overlay.table(family);
        List<String> entries = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            List<Integer> members = new ArrayList<>();
            for (int member : overlay.sets().members(table.value(row))) {
                members.add(member);
            }
            entries.add(table.prefix(row) + " " + members);
        }
        return entries;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownAddressesTest {
    private static KnownAddress answer(String address, Optional<Set<String>> names, long ends) {
        boolean sought = names.filter(set -> set.contains("sought")).isPresent();
        return new KnownAddress(Address.parse(address), names, sought, ends, ends, 0);
    }

    private static KnownAddress sought(String address, long ends) {
        return answer(address, Optional.of(Set.of("sought")), ends);
    }

    private static KnownAddress unsought(String address, long ends) {
        return answer(address, Optional.of(Set.of("unsought")), ends);
    }

    private static KnownAddress unnamed(String address, long ends) {
        return answer(address, Optional.of(Set.of()), ends);
    }

    private static KnownAddress unanswered(String address, long ends) {
        return answer(address, Optional.empty(), ends);
    }

    private static KnownAddresses known(int room, KnownAddress... answers) {
        KnownAddresses known = new KnownAddresses(room);
        for (KnownAddress answer : answers) {
            known.put(answer);
        }
        return known;
    }

    private static List<String> all(KnownAddresses known) {
        return known.all().stream().map(answer -> answer.address().toString()).sorted().toList();
    }

    @Test
    void the_answer_without_a_name_that_ends_soonest_gives_way() {
        KnownAddresses known =
                known(
                        3,
                        unnamed("10.0.0.1", 200),
                        unanswered("10.0.0.2", 100),
                        unsought("10.0.0.3", 50));

        assertThat(known.put(unnamed("10.0.0.4", 300))).isTrue();

        assertThat(all(known)).containsExactly("10.0.0.1", "10.0.0.3", "10.0.0.4");
    }

    @Test
    void then_names_that_no_rule_seeks_give_way() {
        KnownAddresses known = known(2, sought("10.0.0.1", 10), unsought("10.0.0.2", 20));

        assertThat(known.put(sought("10.0.0.3", 30))).isTrue();

        assertThat(all(known)).containsExactly("10.0.0.1", "10.0.0.3");
    }

    @Test
    void names_that_a_rule_seeks_do_not() {
        KnownAddresses known = known(2, sought("10.0.0.1", 10), sought("10.0.0.2", 20));

        assertThat(known.hasRoom()).isFalse();
        assertThat(known.put(sought("10.0.0.3", 30))).isFalse();

        assertThat(all(known)).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @Test
    void a_new_answer_about_a_known_address_needs_no_room() {
        KnownAddresses known = known(1, sought("10.0.0.1", 10));

        assertThat(known.put(sought("10.0.0.1", 20))).isTrue();

        assertThat(known.nextDue()).isEqualTo(20);
    }

    @Test
    void what_a_rule_no_longer_seeks_gives_way_again() {
        KnownAddresses known = known(1, sought("10.0.0.1", 10));

        known.seek(answer -> false);

        assertThat(known.hasRoom()).isTrue();
        assertThat(known.put(unnamed("10.0.0.2", 20))).isTrue();
        assertThat(all(known)).containsExactly("10.0.0.2");
    }

    @Test
    void what_is_due_first_comes_first_and_stays() {
        KnownAddresses known =
                known(
                        3,
                        unnamed("10.0.0.1", 30),
                        sought("10.0.0.2", 10),
                        unanswered("10.0.0.3", 20));

        assertThat(known.due(20))
                .extracting(answer -> answer.address().toString())
                .containsExactly("10.0.0.2", "10.0.0.3");
        assertThat(all(known)).hasSize(3);
    }

    @Test
    void removing_makes_room() {
        KnownAddresses known = known(1, sought("10.0.0.1", 10));

        assertThat(known.remove(Address.parse("10.0.0.1"))).isTrue();

        assertThat(known.hasRoom()).isTrue();
        assertThat(known.nextDue()).isEqualTo(Long.MAX_VALUE);
    }
}

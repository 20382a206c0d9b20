// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When rules last decided, as the program notes it and rule sets come and go. */
class LastMatchTest {
    private static final Duration RESOLUTION = Duration.ofMillis(1_100);

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    private void commit(Policy... policies) {
        loaded.commit(States.web(Enforcement.DROP, policies));
    }

    private Optional<Instant> allowed(String policy, String prefix) {
        return loaded.dataplane
                .ruleTimes()
                .lastMatch(
                        policy, Rule.allow(prefix, States.prefix(prefix)), States.prefix(prefix));
    }

    private Optional<Instant> denied(String policy, String prefix) {
        return loaded.dataplane
                .ruleTimes()
                .lastMatch(policy, Rule.deny(prefix, States.prefix(prefix)), States.prefix(prefix));
    }

    @Test
    void a_rule_that_decided_has_the_time_and_one_that_did_not_has_none() {
        commit(States.ip("office", "203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32"));

        Instant before = Instant.now();
        loaded.verdict("203.0.113.7");
        loaded.verdict("192.0.2.1");

        assertThat(allowed("office", "203.0.113.0/24"))
                .hasValueSatisfying(time ->
                        assertThat(time).isBetween(before.minus(RESOLUTION), Instant.now()));
        assertThat(allowed("office", "198.51.100.0/24")).isEmpty();
        assertThat(allowed("office", "2001:db8::/32")).isEmpty();
    }

    @Test
    void ipv6_rules_have_times_too() {
        commit(States.ip("office", "203.0.113.0/24", "2001:db8::/32"));

        loaded.verdict("2001:db8::7");

        assertThat(allowed("office", "2001:db8::/32")).isPresent();
        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void a_rule_that_denies_has_its_time() {
        commit(States.blocklist("threats", "198.51.100.7/32"), States.ip("all", "0.0.0.0/0"));

        loaded.verdict("198.51.100.7");

        assertThat(denied("threats", "198.51.100.7/32")).isPresent();
        assertThat(allowed("all", "0.0.0.0/0")).isEmpty();
    }

    @Test
    void only_the_first_policy_that_matches_is_noted() {
        commit(States.ip("first", "203.0.113.0/24"), States.ip("second", "203.0.113.0/24"));

        loaded.verdict("203.0.113.7");

        assertThat(allowed("first", "203.0.113.0/24")).isPresent();
        assertThat(allowed("second", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void a_rule_has_matched_when_an_entry_inside_it_has() {
        commit(States.ip("wide", "203.0.0.0/16"), States.ip("narrow", "203.0.113.0/24"));

        loaded.verdict("203.0.113.7");

        assertThat(allowed("wide", "203.0.0.0/16")).isPresent();
        assertThat(allowed("wide", "203.0.113.0/24")).isPresent();
        assertThat(allowed("narrow", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void a_wider_rule_of_the_same_policy_has_the_times_of_those_that_it_covers() {
        commit(States.ip("office", "203.0.0.0/16", "203.0.113.0/24"));

        loaded.verdict("203.0.113.7");

        assertThat(allowed("office", "203.0.0.0/16")).isPresent();
        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void the_time_is_written_once_in_a_little_over_a_second() throws Exception {
        commit(States.ip("office", "203.0.113.0/24"));
        loaded.verdict("203.0.113.7");
        Instant first = allowed("office", "203.0.113.0/24").orElseThrow();

        Instant next = first;
        while (Duration.between(first, next).toMillis() < 100) {
            Thread.sleep(1);
            loaded.verdict("203.0.113.7");
            next = allowed("office", "203.0.113.0/24").orElseThrow();
        }

        assertThat(Duration.between(first, next)).isBetween(Duration.ofSeconds(1), RESOLUTION);
    }

    @Test
    void a_time_survives_commits_that_change_other_rules() {
        commit(States.ip("office", "203.0.113.0/24"));
        loaded.verdict("203.0.113.7");
        Instant time = allowed("office", "203.0.113.0/24").orElseThrow();

        for (int i = 0; i < 5; i++) {
            commit(
                    States.ip("another", "10.0." + i + ".0/24", "203.0.112.0/24"),
                    States.ip("office", "203.0.113.0/24", "192.0." + i + ".0/24"));
        }

        assertThat(allowed("office", "203.0.113.0/24")).hasValueSatisfying(near(time));
        assertThat(allowed("office", "192.0.4.0/24")).isEmpty();
        assertThat(allowed("another", "203.0.112.0/24")).isEmpty();
    }

    @Test
    void a_time_survives_a_change_of_who_else_names_the_prefix() {
        commit(States.ip("office", "203.0.113.0/24"));
        loaded.verdict("203.0.113.7");
        Instant time = allowed("office", "203.0.113.0/24").orElseThrow();

        commit(
                States.ip("another", "203.0.113.0/24"),
                States.ip("office", "203.0.113.0/24"),
                States.ip("yet-another", "203.0.0.0/16"));
        assertThat(allowed("office", "203.0.113.0/24")).hasValueSatisfying(near(time));
        assertThat(allowed("another", "203.0.113.0/24")).isEmpty();

        commit(States.ip("office", "203.0.113.0/24"));
        assertThat(allowed("office", "203.0.113.0/24")).hasValueSatisfying(near(time));
    }

    @Test
    void a_time_survives_when_the_entry_that_has_it_goes() {
        commit(States.ip("wide", "203.0.0.0/16"), States.ip("narrow", "203.0.113.7/32"));
        loaded.verdict("203.0.113.7");
        Instant time = allowed("wide", "203.0.0.0/16").orElseThrow();

        commit(States.ip("wide", "203.0.0.0/16"));

        assertThat(allowed("wide", "203.0.0.0/16")).hasValueSatisfying(near(time));
    }

    @Test
    void a_rule_that_was_removed_and_comes_back_starts_anew() {
        commit(States.ip("office", "203.0.113.0/24"));
        loaded.verdict("203.0.113.7");
        for (int i = 0; i < 3; i++) {
            commit(States.ip("office", "192.0.2.0/24"));
        }

        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24"));

        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
        assertThat(allowed("office", "192.0.2.0/24")).isEmpty();
    }

    @Test
    void a_probe_leaves_no_time() {
        commit(States.ip("office", "203.0.113.0/24"));
        ProbePacket packet =
                new ProbePacket(
                        States.prefix("203.0.113.7/32").network(),
                        1,
                        States.prefix("10.0.0.1/32").network(),
                        9200,
                        6);

        loaded.dataplane.judge(packet, Optional.of("lo"));

        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void the_next_agent_knows_the_times_that_were_saved() {
        commit(States.ip("office", "203.0.113.0/24", "2001:db8::/32"));
        loaded.verdict("203.0.113.7");
        loaded.verdict("2001:db8::7");
        Instant time = allowed("office", "203.0.113.0/24").orElseThrow();

        restart(loaded.dataplane.ruleTimes().save());
        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24", "2001:db8::/32"));

        assertThat(allowed("office", "203.0.113.0/24")).hasValueSatisfying(near(time));
        assertThat(allowed("office", "2001:db8::/32")).hasValueSatisfying(near(time));
        assertThat(allowed("office", "192.0.2.0/24")).isEmpty();
    }

    @Test
    void the_next_agent_knows_the_times_of_matches_after_the_saving() {
        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24"));
        byte[] saved = loaded.dataplane.ruleTimes().save();
        loaded.verdict("203.0.113.7");

        restart(saved);
        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24"));

        assertThat(allowed("office", "203.0.113.0/24")).isPresent();
        assertThat(allowed("office", "192.0.2.0/24")).isEmpty();
    }

    @Test
    void times_that_were_saved_before_the_last_commit_are_not_taken_from_the_kernel() {
        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24"));
        byte[] saved = loaded.dataplane.ruleTimes().save();
        commit(States.ip("office", "198.51.100.0/24", "192.0.2.0/24"));
        commit(States.ip("office", "198.51.100.0/24", "192.0.2.0/24"));
        loaded.verdict("198.51.100.7");

        restart(saved);
        commit(States.ip("office", "203.0.113.0/24", "192.0.2.0/24"));

        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
        assertThat(allowed("office", "192.0.2.0/24")).isEmpty();
    }

    @Test
    void times_are_noted_after_a_restart() {
        commit(States.ip("office", "203.0.113.0/24"));
        restart(loaded.dataplane.ruleTimes().save());
        commit(States.ip("office", "203.0.113.0/24"));

        loaded.verdict("203.0.113.7");

        assertThat(allowed("office", "203.0.113.0/24")).isPresent();
    }

    @Test
    void bytes_that_are_no_times_are_refused_and_nothing_has_matched() {
        commit(States.ip("office", "203.0.113.0/24"));

        assertThatThrownBy(() -> loaded.dataplane.restoreTimes(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(allowed("office", "203.0.113.0/24")).isEmpty();
    }

    @Test
    void entries_beyond_the_capacity_are_enforced_without_times() {
        restart(new Limits(1, 128, 10), Optional.empty());
        Policy[] policies = new Policy[20];
        for (int i = 0; i < policies.length; i++) {
            policies[i] = States.ip("policy-" + i, "203.0.113.0/24");
        }

        for (int i = 0; i < 4; i++) {
            commit(policies);
            assertThat(loaded.verdict("203.0.113.7")).isEqualTo(LoadedDataplane.XDP_PASS);
            commit(States.ip("other-" + i, "203.0.113.0/24"), States.ip("x", "203.0.113.0/24"));
            assertThat(loaded.verdict("203.0.113.7")).isEqualTo(LoadedDataplane.XDP_PASS);
        }

        assertThat(loaded.dataplane.maps())
                .filteredOn(usage -> usage.map().equals("matched"))
                .singleElement()
                .satisfies(usage -> assertThat(usage.entries()).isBetween(1L, 16L));
    }

    private void restart(byte[] saved) {
        restart(Limits.DEFAULT, Optional.of(saved));
    }

    private void restart(Limits limits, Optional<byte[]> saved) {
        LoadedDataplane before = loaded;
        loaded = new LoadedDataplane(bpffs, limits, List.of(), false, before.dataplane.decisions());
        saved.ifPresent(loaded.dataplane::restoreTimes);
        before.close();
    }

    private static Consumer<Instant> near(Instant expected) {
        return actual ->
                assertThat(Duration.between(expected, actual).abs()).isLessThan(RESOLUTION);
    }
}

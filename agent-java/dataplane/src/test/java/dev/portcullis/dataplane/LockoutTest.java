// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rule set that would cut a connection that has to go on is not committed. */
class LockoutTest {
    private static final Environment WORDS = Environment.of(HostAddresses.of(List.of()));
    private static final Session SESSION =
            new Session(Address.parse("10.0.0.1"), 9200, Address.parse("203.0.113.9"), 51_000);
    private static final Session SESSION6 =
            new Session(Address.parse("fd00::1"), 9200, Address.parse("2001:db8::9"), 51_000);

    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final LoadedDataplane host =
            new LoadedDataplane(bpffs, Limits.DEFAULT, veths.names(), false, DecisionIds.none());

    @AfterEach
    void clean() {
        host.dataplane.detach();
        host.close();
        veths.close();
        bpffs.close();
    }

    private static DesiredState web(Policy... policies) {
        return States.web(Enforcement.DROP, policies);
    }

    private void commit(DesiredState state, Session... keep) {
        host.dataplane.commit(
                host.dataplane.plan(state, WORDS),
                new CommitTerms(Optional.empty(), List.of(keep)));
    }

    @Test
    void a_rule_set_that_cuts_a_session_is_refused_and_changes_nothing() {
        host.commit(web());
        long before = host.dataplane.generation();

        assertThatThrownBy(() -> commit(web(States.ip("office", "192.0.2.0/24")), SESSION))
                .isInstanceOf(LockoutException.class)
                .hasMessage(
                        "this would cut 203.0.113.9 port 51000 to 10.0.0.1 port 9200: its packets,"
                                + " coming in at "
                                + veths.names().get(0)
                                + ", would be denied by resource web (no_policy_match)");

        assertThat(host.dataplane.generation()).isEqualTo(before);
        assertThat(host.verdict("203.0.113.9")).isEqualTo(LoadedDataplane.XDP_PASS);
    }

    @Test
    void every_session_that_would_be_cut_is_told() {
        host.commit(web());

        assertThatThrownBy(() ->
                        commit(
                                web(
                                        States.blocklist("bad", "203.0.113.0/24"),
                                        States.ip("office", "192.0.2.0/24")),
                                SESSION,
                                SESSION6))
                .isInstanceOfSatisfying(
                        LockoutException.class,
                        e ->
                                assertThat(e.cut())
                                        .extracting(cut -> cut.decision().reason())
                                        .containsExactly(Reason.BLOCKLIST, Reason.NO_POLICY_MATCH));
    }

    @Test
    void a_rule_set_that_keeps_the_sessions_is_committed() {
        host.commit(web());

        commit(web(States.ip("office", "203.0.113.0/24", "2001:db8::/32")), SESSION, SESSION6);

        assertThat(host.verdict("192.0.2.1")).isEqualTo(LoadedDataplane.XDP_DROP);
    }

    @Test
    void what_does_not_pass_now_can_not_be_cut() {
        host.commit(web(States.ip("office", "192.0.2.0/24")));

        commit(web(States.ip("office", "192.0.2.0/25")), SESSION);

        assertThat(host.verdict("192.0.2.200")).isEqualTo(LoadedDataplane.XDP_DROP);
    }

    @Test
    void answers_that_could_not_leave_any_more_count_as_cut() {
        host.commit(States.everything());

        assertThatThrownBy(() ->
                        commit(
                                States.everything(States.blocklist("bad", "203.0.113.0/24")),
                                SESSION))
                .isInstanceOf(LockoutException.class);
        assertThatThrownBy(
                        () -> commit(States.everything(States.out("out", "192.0.2.0/24")), SESSION))
                .hasMessageContaining("the answers, leaving by")
                .hasMessageContaining("(no_policy_match)");
    }

    @Test
    void a_rule_set_can_be_asked_without_being_committed() {
        host.commit(web());
        long before = host.dataplane.generation();
        Dataplane.Plan plan = host.dataplane.plan(web(States.ip("office", "192.0.2.0/24")), WORDS);

        assertThat(host.dataplane.cut(plan, List.of(SESSION, SESSION6))).hasSize(2);

        assertThat(host.dataplane.generation()).isEqualTo(before);
        host.dataplane.commit(plan);
        assertThat(host.verdict("203.0.113.9")).isEqualTo(LoadedDataplane.XDP_DROP);
    }
}

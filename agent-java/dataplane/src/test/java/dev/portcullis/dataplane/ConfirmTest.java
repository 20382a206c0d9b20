// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule sets that wait to be confirmed, by the real program on test runs. */
class ConfirmTest {
    private static final Environment WORDS = Environment.of(HostAddresses.of(List.of()));
    private static final String OLD = "203.0.113.9";
    private static final String NEW = "198.51.100.9";
    private static final DesiredState BEFORE = allow("before", "203.0.113.0/24");
    private static final DesiredState AFTER = allow("after", "198.51.100.0/24");

    private final Bpffs bpffs = new Bpffs();
    private LoadedDataplane host = open();

    private static DesiredState allow(String policy, String source) {
        return States.web(Enforcement.DROP, States.ip(policy, source));
    }

    private LoadedDataplane open() {
        return new LoadedDataplane(bpffs, Limits.DEFAULT);
    }

    private void commit(DesiredState state, Duration confirmWithin) {
        host.dataplane.commit(
                host.dataplane.plan(state, WORDS),
                new CommitTerms(Optional.of(Deadline.in(confirmWithin)), List.of()));
    }

    private void assertJudgedBy(DesiredState state) {
        assertThat(host.verdict(OLD)).isEqualTo(state.equals(BEFORE) ? XDP_PASS : XDP_DROP);
        assertThat(host.verdict(NEW)).isEqualTo(state.equals(AFTER) ? XDP_PASS : XDP_DROP);
    }

    /** Until a hundredth of a second after it, since that is how exact the clock is read. */
    private void awaitDeadline() throws InterruptedException {
        Deadline deadline = host.dataplane.confirmBy().orElseThrow();
        while (deadline.left().compareTo(Duration.ofMillis(-10)) > 0) {
            Thread.sleep(5);
        }
    }

    @AfterEach
    void clean() {
        host.close();
        bpffs.close();
    }

    @Test
    void what_nobody_confirms_ends_in_the_kernel_at_its_deadline() throws Exception {
        host.commit(BEFORE);

        commit(AFTER, Duration.ofSeconds(1));

        assertJudgedBy(AFTER);
        awaitDeadline();
        assertJudgedBy(BEFORE);
        assertThat(host.dataplane.confirmBy().orElseThrow().hasPassed()).isTrue();
    }

    @Test
    void what_is_confirmed_stays() throws InterruptedException {
        host.commit(BEFORE);
        commit(AFTER, Duration.ofMillis(300));

        host.dataplane.confirm();

        assertThat(host.dataplane.confirmBy()).isEmpty();
        Thread.sleep(500);
        assertJudgedBy(AFTER);
    }

    @Test
    void what_is_taken_back_is_as_it_was() {
        host.commit(BEFORE);
        commit(AFTER, Duration.ofHours(1));

        host.dataplane.revert(BEFORE);

        assertJudgedBy(BEFORE);
        host.commit(BEFORE);
        assertJudgedBy(BEFORE);
    }

    @Test
    void commits_while_waiting_leave_what_comes_back_alone() {
        host.commit(BEFORE);
        commit(AFTER, Duration.ofHours(1));
        for (int i = 0; i < 4; i++) {
            host.commit(allow("after", "192.0.2." + i + "/32"));
        }

        host.dataplane.revert(BEFORE);

        assertJudgedBy(BEFORE);
        assertThat(host.verdict("192.0.2.3")).isEqualTo(XDP_DROP);
    }

    @Test
    void counters_of_what_comes_back_go_on() {
        host.commit(BEFORE);
        host.verdict(OLD);
        commit(AFTER, Duration.ofHours(1));
        host.verdict(OLD);
        host.commit(allow("again", "192.0.2.0/24"));

        host.dataplane.revert(BEFORE);
        host.commit(BEFORE);
        host.verdict(OLD);

        assertThat(
                        host.dataplane.counters().stream()
                                .filter(counter -> counter.decision().policy().equals("before"))
                                .mapToLong(Counter::packets))
                .containsExactly(2L);
    }

    @Test
    void an_agent_that_starts_finds_what_waits() {
        host.commit(BEFORE);
        commit(AFTER, Duration.ofHours(1));
        DecisionIds decisions = host.dataplane.decisions();
        host.close();

        host = new LoadedDataplane(bpffs, Limits.DEFAULT, List.of(), false, decisions);
        host.dataplane.resume(decisions);
        host.commit(AFTER);

        assertJudgedBy(AFTER);
        host.dataplane.revert(BEFORE);
        assertJudgedBy(BEFORE);
    }

    @Test
    void an_agent_that_starts_after_the_deadline_takes_up_what_has_come_back() throws Exception {
        host.commit(BEFORE);
        long before = host.dataplane.generation();
        commit(AFTER, Duration.ofMillis(100));
        awaitDeadline();
        host.close();

        host = open();

        assertThat(host.dataplane.confirmBy()).isEmpty();
        assertThat(host.dataplane.generation()).isEqualTo(before);
        host.commit(BEFORE);
        assertJudgedBy(BEFORE);
    }

    @Test
    void the_third_slot_has_memory_only_while_something_waits() {
        host.commit(BEFORE);
        commit(AFTER, Duration.ofHours(1));
        host.commit(AFTER);
        assertThat(thirdSlot()).isPresent();

        host.dataplane.confirm();
        for (int i = 0; i < 2; i++) {
            host.commit(AFTER);
        }

        assertThat(thirdSlot()).isEmpty();
        assertJudgedBy(AFTER);
    }

    private OptionalInt thirdSlot() {
        try (BpfMap sources =
                Libbpf.get().pinnedMap(bpffs.path().resolve("objects/1/sources4")).orElseThrow()) {
            return sources.innerId(2);
        }
    }
}

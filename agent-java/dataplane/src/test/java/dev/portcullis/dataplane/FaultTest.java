// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Each call of a commit fails in turn: packets are judged by the rule set before, or by the new one
 * if the commit says that it was made, and the next commit is as good as any.
 */
class FaultTest {
    private static final Environment WORDS = Environment.of(HostAddresses.of(List.of()));
    private static final String FRIEND = "203.0.113.9";
    private static final String STRANGER = "198.51.100.9";
    private static final DesiredState OPEN = DesiredState.EMPTY;
    private static final DesiredState CLOSED = closed();

    private final FaultyBackend backend = new FaultyBackend();
    private final Libbpf libbpf = Libbpf.of(backend.backend());
    private final Bpffs bpffs = new Bpffs();
    private final VethPairs veths = new VethPairs(1);
    private final Dataplane dataplane = open();
    private final List<String> failures = new ArrayList<>();

    private Dataplane open() {
        return Dataplane.open(
                libbpf,
                new Dataplane.Options(
                        bpffs.path(),
                        new InterfacePatterns(veths.names()),
                        List.of(),
                        Limits.DEFAULT),
                DecisionIds.none());
    }

    @AfterEach
    void clean() {
        dataplane.detach();
        dataplane.close();
        veths.close();
        bpffs.close();
    }

    @Test
    void whatever_call_fails_packets_are_judged_by_one_rule_set_or_the_other() {
        dataplane.commit(OPEN, WORDS);
        dataplane.commit(CLOSED, WORDS);
        dataplane.commit(OPEN, WORDS);
        String failed;
        int calls = 0;
        do {
            boolean committed = commit(calls);
            failed = backend.stop();
            String what = "call " + calls + ", " + failed + ", failed";
            check(committed, what);
            dataplane.reconcile();
            dataplane.commit(CLOSED, WORDS);
            check(true, "the next commit after " + what);
            dataplane.commit(OPEN, WORDS);
            check(false, "the commit after that after " + what);
            assertThat(dataplane.repair()).isEmpty();
            calls++;
        } while (!failed.isEmpty());
        assertThat(failures).isEmpty();
        assertThat(calls).isGreaterThan(20);
    }

    private boolean commit(int failingCall) {
        Dataplane.Plan plan = dataplane.plan(CLOSED, WORDS);
        long before = dataplane.generation();
        backend.failAfter(failingCall);
        try {
            dataplane.commit(plan);
            return true;
        } catch (DataplaneException e) {
            assertThat(dataplane.generation()).isEqualTo(before);
            assertThat(e)
                    .hasMessageStartingWith(
                            "the kernel did not take the rule set; the one before is still"
                                    + " enforced: ")
                    .hasMessageContaining("ENOMEM");
            return false;
        }
    }

    /** For what leaves, too, so that all tables are written. */
    private static DesiredState closed() {
        Policy in = States.ip("in", FRIEND + "/32");
        Policy out = States.out("out", FRIEND + "/32");
        return States.everything(in, out);
    }

    private void check(boolean closed, String when) {
        int denied = closed ? LoadedDataplane.XDP_DROP : LoadedDataplane.XDP_PASS;
        if (verdict(FRIEND) != LoadedDataplane.XDP_PASS || verdict(STRANGER) != denied) {
            failures.add(when);
        }
    }

    private int verdict(String source) {
        return dataplane
                .program()
                .testRun(
                        TestRunOptions.of(Segment.of(source, "10.0.0.1", Segment.SYN, 1, 0).frame())
                                .withOutputCapacity(65_536))
                .result();
    }
}

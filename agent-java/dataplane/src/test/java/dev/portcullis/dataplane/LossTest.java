// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that lets in nobody, and a link that loses packets, and brings them late and twice. */
@Tag("vm")
class LossTest {
    private static final String[] NETEM =
            "root netem delay 3ms 2ms reorder 70% 50% loss 2% duplicate 2%".split(" ");
    private static final int CONNECTIONS = 5;
    private static final int BYTES = 200_000;

    private final Bpffs bpffs = new Bpffs();
    private final Neighbour there = new Neighbour();
    private final LoadedDataplane loaded =
            new LoadedDataplane(
                    bpffs, Limits.DEFAULT, List.of(there.near()), false, DecisionIds.none());

    @BeforeEach
    void disturb() {
        Bpffs.run(netem(there.near()));
        there.run(netem(there.far()));
    }

    private static String[] netem(String dev) {
        return ("tc qdisc add dev " + dev + " " + String.join(" ", NETEM)).split(" ");
    }

    @AfterEach
    void clean() {
        loaded.dataplane.detach();
        loaded.close();
        there.close();
        bpffs.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {Neighbour.THERE4, Neighbour.THERE6})
    void connections_that_this_host_begins_carry_all(String server) throws Exception {
        loaded.commit(States.everything(States.ip("nobody", "203.0.113.0/24")));

        for (int i = 0; i < CONNECTIONS; i++) {
            Traffic.assertEchoed(there.namespace(), server, BYTES);
        }

        assertThat(loaded.counted(Direction.INGRESS, Reason.REPLY)).isPositive();
    }
}

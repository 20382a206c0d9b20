// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.TC_REDIRECT;
import static dev.portcullis.dataplane.LoadedDataplane.TC_SHOT;
import static dev.portcullis.dataplane.LoadedDataplane.TC_UNSPEC;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_TX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The programs that judge packets, with all that they note, count and answer, on damaged frames.
 * Probes, which {@link ReferenceAgreementTest} compares, do none of that.
 */
class LiveProgramsTest {
    private static final long SEED = 20_261_125;
    private static final int STATES =
            Math.max(20, Integer.getInteger("portcullis.states", 1_000) / 10);
    private static final int PACKETS = 500;
    private static final Set<Integer> INGRESS = Set.of(XDP_DROP, XDP_PASS, XDP_TX);
    private static final Set<Integer> EGRESS = Set.of(TC_UNSPEC, TC_SHOT, TC_REDIRECT);

    private final Bpffs bpffs = new Bpffs();
    private final LoadedDataplane loaded = new LoadedDataplane(bpffs, Limits.DEFAULT);
    private final List<String> surprises = new ArrayList<>();
    private int answered;

    @AfterEach
    void clean() {
        loaded.close();
        bpffs.close();
    }

    @Test
    void whatever_a_frame_holds_it_is_passed_dropped_or_answered() {
        for (int i = 0; i < STATES; i++) {
            Scenario scenario = StateGenerator.bothWays(SEED + i, PACKETS);
            loaded.dataplane.commit(scenario.state(), scenario.environment());
            SplittableRandom random = new SplittableRandom(scenario.seed());
            Frames frames = new Frames(random.split());
            Damage damage = new Damage(random.split());
            for (ReferencePacket packet : scenario.packets()) {
                run(packet.direction(), damage.damaged(frames.frame(packet)));
            }
        }

        assertThat(surprises).isEmpty();
        assertThat(answered).isPositive();
        for (Direction direction : Direction.values()) {
            assertThat(loaded.counted(direction, Reason.FAULT)).isZero();
        }
    }

    private void run(Direction direction, byte[] frame) {
        if (direction == Direction.EGRESS && !Damage.isTakenAtEgress(frame)) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        int result =
                direction == Direction.INGRESS ? loaded.run(bytes).result() : loaded.send(bytes);
        if (!(direction == Direction.INGRESS ? INGRESS : EGRESS).contains(result)) {
            surprises.add(HexFormat.of().formatHex(frame) + ": " + result);
        }
        answered += direction == Direction.INGRESS && result == XDP_TX ? 1 : 0;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Maps;
import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.ReferenceParser.Sighting;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The loaded programs and the reference model agree on generated states and packets, and a later
 * fragment gets what its first one got. So they do on the same frames with bits flipped, cut short,
 * and with lengths and numbers that lie, which the reference parser reads; and whatever a frame
 * holds, the programs pass or drop it by a decision that there is.
 *
 * <p>600,000 frames by default, two thirds of them damaged. {@code -Dportcullis.seed=N} draws
 * others, {@code -Dportcullis.states=N} more states of 200 packets each; the environment variable
 * {@code PORTCULLIS_SEED} does as the first, so that {@code scripts/test units} can be given one.
 */
class ReferenceAgreementTest {
    private static final long SEED = seed();
    private static final int STATES = Integer.getInteger("portcullis.states", 1_000);
    private static final int PACKETS = 200;

    /** Times that each frame is damaged, and judged as what it then is. */
    private static final int DAMAGED = 2;

    private static long seed() {
        String given = System.getenv().getOrDefault("PORTCULLIS_SEED", "20261124");
        return Long.getLong("portcullis.seed", Long.parseLong(given));
    }

    @Test
    void every_generated_packet_is_judged_as_the_reference_model_judges_it() {
        System.out.println(
                "seed " + SEED + ", " + STATES + " states, " + PACKETS + " packets each");
        List<String> disagreements = new ArrayList<>();
        long compared = 0;
        try (Bpffs bpffs = new Bpffs();
                VethPairs veths = new VethPairs(3);
                KernelObject object =
                        KernelObject.load(Libbpf.get(), new Pins(bpffs.path()), Limits.DEFAULT)) {
            Probe probe = object.probe();
            Map<String, Integer> interfaces = veths.indexesAs(StateGenerator.INTERFACES);
            try (Generations generations =
                    new Generations(
                            Libbpf.get(),
                            object,
                            Limits.DEFAULT,
                            probe,
                            new RuleTimes(object.matched()))) {
                DecisionIds decisions = DecisionIds.none();
                for (int i = 0; i < STATES; i++) {
                    Scenario scenario = StateGenerator.bothWays(SEED + i, PACKETS);
                    Image image =
                            Compiler.compile(
                                    scenario.state(),
                                    scenario.failsafe(),
                                    scenario.environment(),
                                    decisions);
                    generations
                            .stage(image, decisions, Maps.transformValues(interfaces, Set::of))
                            .commit(Optional.empty());
                    decisions = image.decisions();
                    Kernel kernel = new Kernel(object, probe, image, scenario, interfaces);
                    Agreement agreement = new Agreement(scenario, kernel);
                    compare(scenario, agreement);
                    disagreements.addAll(agreement.disagreements());
                    compared += agreement.compared();
                }
            }
        }
        System.out.println(compared + " frames, " + disagreements.size() + " disagreements");
        assertThat(disagreements.stream().limit(20)).isEmpty();
        assertThat(compared).isGreaterThan(5L * STATES * PACKETS / 2);
    }

    private static void compare(Scenario scenario, Agreement agreement) {
        SplittableRandom random = new SplittableRandom(scenario.seed());
        Frames frames = new Frames(random.split());
        Damage damage = new Damage(random.split());
        for (ReferencePacket packet : scenario.packets()) {
            byte[] frame = frames.frame(packet);
            Decision decision = agreement.compare(packet, frame);
            if (packet instanceof Ip first && isFollowed(first)) {
                Ip later = first.as(Fragment.LATER);
                agreement.compareNext(later, frames.next(first), decision);
            }
            for (int i = 0; i < DAMAGED; i++) {
                byte[] damaged = damage.damaged(frame);
                if (packet.direction() == Direction.INGRESS || Damage.isTakenAtEgress(damaged)) {
                    agreement.compare(damaged, Sighting.of(packet));
                }
            }
        }
    }

    /** An ICMP error is told by what it quotes, which its later fragments don't repeat. */
    private static boolean isFollowed(Ip packet) {
        return packet.fragment() == Fragment.FIRST && !packet.related();
    }
}

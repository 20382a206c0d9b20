// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The loaded program and the reference model agree on generated states and packets.
 *
 * <p>200,000 packets by default. {@code -Dportcullis.seed=N} draws others, {@code
 * -Dportcullis.states=N} more states of 200 packets each; the environment variable {@code
 * PORTCULLIS_SEED} does as the first, so that {@code scripts/test units} can be given one.
 */
class ReferenceAgreementTest {
    private static final long SEED = seed();
    private static final int STATES = Integer.getInteger("portcullis.states", 1_000);
    private static final int PACKETS = 200;

    private static long seed() {
        String given = System.getenv().getOrDefault("PORTCULLIS_SEED", "20261124");
        return Long.getLong("portcullis.seed", Long.parseLong(given));
    }

    @Test
    void every_generated_packet_is_judged_as_the_reference_model_judges_it() {
        System.out.println(
                "seed " + SEED + ", " + STATES + " states, " + PACKETS + " packets each");
        List<String> disagreements = new ArrayList<>();
        try (Bpffs bpffs = new Bpffs();
                VethPairs veths = new VethPairs(3);
                KernelObject object =
                        KernelObject.load(Libbpf.get(), new Pins(bpffs.path()), Limits.DEFAULT)) {
            Probe probe = new Probe(object.probe());
            try (Generations generations =
                    new Generations(
                            Libbpf.get(),
                            object,
                            Limits.DEFAULT,
                            probe,
                            new RuleTimes(object.matched()))) {
                DecisionIds decisions = DecisionIds.none();
                for (int i = 0; i < STATES; i++) {
                    Scenario scenario = StateGenerator.scenario(SEED + i, PACKETS);
                    Map<String, Integer> interfaces = veths.indexesAs(scenario.interfaces());
                    Image image =
                            Compiler.compile(
                                    scenario.state(),
                                    scenario.failsafe(),
                                    scenario.environment(),
                                    decisions);
                    generations.commit(image, decisions, interfaces);
                    decisions = image.decisions();
                    disagreements.addAll(compare(scenario, probe, decisions, interfaces));
                }
            }
        }
        assertThat(disagreements.stream().limit(20)).isEmpty();
    }

    private static List<String> compare(
            Scenario scenario,
            Probe probe,
            DecisionIds decisions,
            Map<String, Integer> interfaces) {
        List<String> disagreements = new ArrayList<>();
        Frames frames = new Frames(new SplittableRandom(scenario.seed()));
        for (ReferencePacket packet : scenario.packets()) {
            ByteBuffer frame = frames.frame(packet);
            int number =
                    probe.live(frame.duplicate(), interfaces.get(packet.interfaceName()))
                            .decision();
            Decision expected = scenario.answer(packet).decision();
            Decision actual = decision(decisions, number & Image.NUMBER);
            boolean drops = (number & Image.DROP) != 0;
            if (!expected.equals(actual) || drops != (expected.verdict() == Verdict.DROP)) {
                disagreements.add(
                        "seed "
                                + scenario.seed()
                                + ": "
                                + packet
                                + " as "
                                + hex(frame)
                                + ": expected "
                                + expected
                                + ", got "
                                + actual
                                + (drops ? " (dropped)" : " (passed)")
                                + "\n");
            }
        }
        return disagreements;
    }

    private static Decision decision(DecisionIds decisions, int number) {
        return DecisionIds.FIXED.getOrDefault(number, decisions.byNumber().get(number));
    }

    private static String hex(ByteBuffer frame) {
        StringBuilder text = new StringBuilder();
        while (frame.hasRemaining()) {
            text.append(String.format("%02x", frame.get()));
        }
        return text.toString();
    }
}

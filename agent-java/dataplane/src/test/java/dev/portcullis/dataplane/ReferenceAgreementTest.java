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
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.Fragment;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The loaded program and the reference model agree on generated states and packets, and a later
 * fragment gets what its first one got.
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
            Probe probe = object.probe();
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
                    Map<String, Integer> interfaces = veths.indexesAs(scenario.interfaces());
                    Image image =
                            Compiler.compile(
                                    scenario.state(),
                                    scenario.failsafe(),
                                    scenario.environment(),
                                    decisions);
                    generations.commit(image, decisions, Maps.transformValues(interfaces, Set::of));
                    decisions = image.decisions();
                    Kernel kernel = new Kernel(object, probe, image, scenario, interfaces);
                    disagreements.addAll(compare(scenario, kernel, decisions));
                }
            }
        }
        assertThat(disagreements.stream().limit(20)).isEmpty();
    }

    private static List<String> compare(Scenario scenario, Kernel kernel, DecisionIds decisions) {
        List<String> disagreements = new ArrayList<>();
        Frames frames = new Frames(new SplittableRandom(scenario.seed()));
        for (ReferencePacket packet : scenario.packets()) {
            ByteBuffer frame = frames.frame(packet);
            int number = kernel.judge(packet, frame.duplicate());
            Decision expected = expected(scenario, kernel, packet);
            Decision actual = decision(decisions, number);
            if (!expected.equals(actual) || drops(number) != drops(expected)) {
                disagreements.add(told(scenario, packet, frame, expected, actual, drops(number)));
            }
            if (packet instanceof Ip first && isFollowed(first)) {
                Ip later = first.as(Fragment.LATER);
                ByteBuffer next = frames.next(first);
                int followed = kernel.judge(later, next.duplicate());
                // Where no fragment can be denied, none is remembered, and only the verdict is
                // alike.
                boolean follows =
                        expected.verdict() != Verdict.PASS
                                || expected(scenario, kernel, later).reason() == Reason.FRAGMENT;
                Decision got = decision(decisions, followed);
                if ((follows && !expected.equals(got)) || drops(followed) != drops(expected)) {
                    disagreements.add(told(scenario, later, next, expected, got, drops(followed)));
                }
            }
        }
        return disagreements;
    }

    /** An ICMP error is told by what it quotes, which its later fragments don't repeat. */
    private static boolean isFollowed(Ip packet) {
        return packet.fragment() == Fragment.FIRST && !packet.related();
    }

    /** Where no policy has a say in what leaves, resources are not told apart for it. */
    private static Decision expected(Scenario scenario, Kernel kernel, ReferencePacket packet) {
        Decision right = scenario.answer(packet).decision();
        return kernel.image().judges(packet.direction())
                ? right
                : new Decision("", "", Direction.EGRESS, kernel.unjudged(packet), false);
    }

    private static String told(
            Scenario scenario,
            ReferencePacket packet,
            ByteBuffer frame,
            Decision expected,
            Decision actual,
            boolean dropped) {
        return "seed "
                + scenario.seed()
                + ": "
                + packet
                + " as "
                + hex(frame)
                + ": expected "
                + expected
                + ", got "
                + actual
                + (dropped ? " (dropped)" : " (passed)")
                + "\n";
    }

    private static boolean drops(int number) {
        return (number & Image.DROP) != 0;
    }

    private static boolean drops(Decision decision) {
        return decision.verdict() == Verdict.DROP;
    }

    private static Decision decision(DecisionIds decisions, int word) {
        int number = word & Image.NUMBER;
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

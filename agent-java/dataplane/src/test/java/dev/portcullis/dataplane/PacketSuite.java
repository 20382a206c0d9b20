// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.compiler.Compiler;
import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.testing.ReferenceParser;
import dev.portcullis.policy.testing.ReferenceParser.Reading;
import dev.portcullis.policy.testing.ReferenceParser.Sighting;
import dev.portcullis.policy.testing.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Cases of one subject: frames whose verdict and reason were written down by hand. Each is judged
 * by the loaded program, and by the reference model as the reference parser reads it; both have to
 * say what was written. The rule set is that of {@link SuiteHost}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PacketSuite {
    private static final int LOOPBACK = 1;
    private static final String INTERFACE = "lo";

    /** A frame, and what is to become of it. */
    static final class Case {
        private final String name;
        private final Direction direction;

        /** What is judged first. */
        private final List<byte[]> before;

        private final byte[] frame;
        private final Verdict verdict;
        private final Reason reason;

        private Case(
                String name,
                Direction direction,
                List<byte[]> before,
                byte[] frame,
                Verdict verdict,
                Reason reason) {
            this.name = name;
            this.direction = direction;
            this.before = before;
            this.frame = frame;
            this.verdict = verdict;
            this.reason = reason;
        }

        /** The same behind another frame. */
        Case after(byte[] first) {
            return new Case(name, direction, List.of(first), frame, verdict, reason);
        }
    }

    static Case arrives(String name, byte[] frame, Verdict verdict, Reason reason) {
        return new Case(name, Direction.INGRESS, List.of(), frame, verdict, reason);
    }

    static Case leaves(String name, byte[] frame, Verdict verdict, Reason reason) {
        return new Case(name, Direction.EGRESS, List.of(), frame, verdict, reason);
    }

    /** In the order that they are run in; none depends on another. */
    abstract List<Case> cases();

    private Bpffs bpffs;
    private KernelObject object;
    private Generations generations;
    private Kernel kernel;

    @BeforeAll
    void load() {
        bpffs = new Bpffs();
        object = KernelObject.load(Libbpf.get(), new Pins(bpffs.path()), Limits.DEFAULT);
        Probe probe = object.probe();
        generations =
                new Generations(
                        Libbpf.get(),
                        object,
                        Limits.DEFAULT,
                        probe,
                        new RuleTimes(object.matched()));
        Scenario host = SuiteHost.SCENARIO;
        Image image =
                Compiler.compile(
                        host.state(), host.failsafe(), host.environment(), DecisionIds.none());
        generations.stage(image, DecisionIds.none(), Map.of()).commit(Optional.empty());
        kernel = new Kernel(object, probe, image, host, Map.of(INTERFACE, LOOPBACK));
    }

    @AfterAll
    void unload() {
        generations.close();
        object.close();
        bpffs.close();
    }

    @TestFactory
    Stream<DynamicTest> packets() {
        return cases().stream().map(c -> DynamicTest.dynamicTest(c.name, () -> check(c)));
    }

    private void check(Case packet) {
        List<byte[]> frames = new ArrayList<>(packet.before);
        frames.add(packet.frame);
        FragmentMemory memory = new FragmentMemory(object);
        frames.forEach(frame -> memory.forget(read(packet, frame).packet()));
        packet.before.forEach(frame -> judged(packet, frame));

        Probe.Answer answer = judged(packet, packet.frame);

        Decision decision = kernel.decision(answer);
        assertThat(decision).isEqualTo(reference(packet));
        assertThat(decision.reason()).isEqualTo(packet.reason);
        assertThat(decision.verdict()).isEqualTo(packet.verdict);
        assertThat(answer.result())
                .isEqualTo(Kernel.result(packet.direction, packet.verdict == Verdict.DROP));
    }

    private Probe.Answer judged(Case packet, byte[] frame) {
        return kernel.judge(read(packet, frame).packet(), ByteBuffer.wrap(frame));
    }

    /** What comes after another frame is a fragment, and has the verdict of that. */
    private static Decision reference(Case packet) {
        byte[] telling = packet.before.isEmpty() ? packet.frame : packet.before.get(0);
        return SuiteHost.SCENARIO.answer(read(packet, telling)).decision();
    }

    private static Reading read(Case packet, byte[] frame) {
        return ReferenceParser.read(frame, new Sighting(INTERFACE, packet.direction, List.of()));
    }
}

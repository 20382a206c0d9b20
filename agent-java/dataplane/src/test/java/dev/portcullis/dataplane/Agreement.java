// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.ProxyHeader;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.testing.ReferenceParser;
import dev.portcullis.policy.testing.ReferenceParser.Reading;
import dev.portcullis.policy.testing.ReferenceParser.Sighting;
import dev.portcullis.policy.testing.Scenario;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Compares what the loaded programs say of frames with what is right. */
final class Agreement {
    private final Scenario scenario;
    private final Kernel kernel;
    private final FragmentMemory memory;
    private final List<String> disagreements = new ArrayList<>();
    private int compared;

    Agreement(Scenario scenario, Kernel kernel) {
        this.scenario = scenario;
        this.kernel = kernel;
        this.memory = new FragmentMemory(kernel.object());
    }

    List<String> disagreements() {
        return disagreements;
    }

    /** How many frames were judged both ways. */
    int compared() {
        return compared;
    }

    /**
     * Compares what becomes of a packet that was made, and how its frame is read.
     *
     * @return what is right
     */
    Decision compare(ReferencePacket packet, byte[] frame) {
        Reading reading = ReferenceParser.read(frame, Sighting.of(packet));
        Decision expected = expected(packet, reading.header());
        memory.forget(packet);
        compare(packet, frame, expected, kernel.judge(packet, ByteBuffer.wrap(frame)));
        ReferencePacket read = reading.packet();
        if (!read.equals(withoutConversation(packet))) {
            disagreements.add(told(packet, frame) + "read as " + read + "\n");
        }
        return expected;
    }

    /** A fragment after its first one, which it has to follow. */
    void compareNext(Ip later, byte[] frame, Decision first) {
        Decision unseen = expected(later, new ProxyHeader.Incomplete());
        Probe.Answer answer = kernel.judge(later, ByteBuffer.wrap(frame));
        // Where no fragment can be denied, none is remembered.
        boolean follows =
                first.verdict() != Verdict.PASS
                        || unseen.reason() == Reason.FRAGMENT
                        || first.equals(kernel.decision(answer));
        compare(later, frame, follows ? first : unseen, answer);
    }

    /** Compares what becomes of a frame that may hold anything, seen where a packet was. */
    void compare(byte[] frame, Sighting seen) {
        Reading reading = ReferenceParser.read(frame, seen);
        ReferencePacket packet = reading.packet();
        memory.forget(packet);
        Decision expected =
                isJudged(packet) ? scenario.answer(reading).decision() : unjudged(packet);
        compare(packet, frame, expected, kernel.judge(packet, ByteBuffer.wrap(frame)));
    }

    private void compare(
            ReferencePacket packet, byte[] frame, Decision expected, Probe.Answer answer) {
        compared++;
        Decision actual = kernel.decision(answer);
        boolean drops = expected.verdict() == Verdict.DROP;
        boolean dropBit = (answer.decision() & Image.DROP) != 0;
        if (!expected.equals(actual)
                || drops != dropBit
                || answer.result() != Kernel.result(packet.direction(), drops)) {
            disagreements.add(
                    told(packet, frame)
                            + "expected "
                            + expected
                            + ", got "
                            + actual
                            + (dropBit ? " (to be dropped)" : " (to pass)")
                            + ", returned "
                            + answer.result()
                            + "\n");
        }
    }

    /** Where no policy has a say in what leaves, resources are not told apart for it. */
    private Decision expected(ReferencePacket packet, ProxyHeader header) {
        return isJudged(packet) ? scenario.answer(packet, header).decision() : unjudged(packet);
    }

    private boolean isJudged(ReferencePacket packet) {
        return kernel.image().judges(packet.direction());
    }

    private Decision unjudged(ReferencePacket packet) {
        return new Decision("", "", Direction.EGRESS, kernel.unjudged(packet), false);
    }

    /** No frame tells of a conversation. */
    private static ReferencePacket withoutConversation(ReferencePacket packet) {
        return packet instanceof Ip ip
                ? new Ip(
                        ip.interfaceName(),
                        ip.source(),
                        ip.destination(),
                        ip.protocol(),
                        ip.ports(),
                        ip.icmpType(),
                        ip.hopLimit(),
                        ip.fragment(),
                        ip.direction(),
                        ip.workloads(),
                        false,
                        false)
                : packet;
    }

    private String told(ReferencePacket packet, byte[] frame) {
        String hex = HexFormat.of().formatHex(frame);
        return "seed " + scenario.seed() + ": " + packet + " as " + hex + ": ";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Asks the loaded program how it judges a packet, without any packet and without counting one. */
final class Probe {
    /** The kernel's loopback, which is always there. */
    private static final int LOOPBACK = 1;

    /**
     * How the program answered.
     *
     * @param decision the decision's number with its bits
     * @param generation the one that judged
     * @param result what the program returned, such as XDP_PASS
     */
    record Answer(int decision, long generation, int result) {
        boolean drops() {
            return (decision & Image.DROP) != 0;
        }
    }

    private final BpfProgram ingress;
    private final BpfProgram egress;

    /**
     * @param ingress the program that answers for packets that come in
     * @param egress the one that does for those that go out
     */
    Probe(BpfProgram ingress, BpfProgram egress) {
        this.ingress = ingress;
        this.egress = egress;
    }

    /** What packets are judged by. */
    SlotProbe live() {
        return new SlotProbe(this, KernelLayout.PROBE_LIVE);
    }

    /**
     * Checks that a slot is whole before packets are judged by it.
     *
     * @throws DataplaneException if it is not
     */
    void check(int slot, long generation) {
        for (String address : new String[] {"192.0.2.1", "2001:db8::1"}) {
            Address any = Address.parse(address);
            ByteBuffer frame = new ProbePacket(any, 1, any, 1, 6).frame();
            check(run(frame.duplicate(), LOOPBACK, slot), 0, generation);
            check(runLeaving(frame, LOOPBACK, slot, 0), KernelLayout.DECISION_EGRESS, generation);
        }
    }

    private static void check(Answer answer, int first, long generation) {
        // The decision on a fault has the same number in both directions.
        int number = answer.decision & Image.NUMBER;
        boolean fault =
                number == KernelLayout.DECISION_FAULT
                        || number == first + KernelLayout.DECISION_FAULT;
        if (fault || answer.generation != generation) {
            throw new DataplaneException("a test packet was not judged by what was written");
        }
    }

    Answer runLeaving(ByteBuffer frame, int interfaceIndex, int slot, int workloadClass) {
        ByteBuffer context = TestRunOptions.tcContext(interfaceIndex, slot, workloadClass);
        TestRun run =
                egress.testRun(
                        TestRunOptions.of(frame)
                                .withContext(context)
                                .withOutputCapacity(frame.remaining()));
        ByteBuffer answer = run.contextOut().order(ByteOrder.nativeOrder());
        int control = TestRunOptions.CONTROL_BUFFER;
        return new Answer(answer.getInt(control + 8), answer.getLong(control + 12), run.result());
    }

    Answer run(ByteBuffer frame, int interfaceIndex, int slot) {
        ByteBuffer packet =
                ByteBuffer.allocate(KernelLayout.PROBE_SIZE + frame.remaining())
                        .order(ByteOrder.nativeOrder());
        packet.putInt(KernelLayout.PROBE_SLOT, slot);
        packet.position(KernelLayout.PROBE_SIZE).put(frame).flip();
        TestRun run =
                ingress.testRun(
                        TestRunOptions.of(packet)
                                .withXdpContext(KernelLayout.PROBE_SIZE, interfaceIndex)
                                .withOutputCapacity(packet.limit()));
        ByteBuffer answer = run.output().order(ByteOrder.nativeOrder());
        return new Answer(
                answer.getInt(KernelLayout.PROBE_DECISION),
                answer.getLong(KernelLayout.PROBE_GENERATION),
                run.result());
    }
}

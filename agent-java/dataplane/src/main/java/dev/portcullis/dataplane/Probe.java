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
     * How the program answered: the decision's number with its bits, and the generation that
     * judged.
     */
    record Answer(int decision, long generation) {}

    private final BpfProgram program;

    Probe(BpfProgram program) {
        this.program = program;
    }

    /** How packets are judged. */
    Answer live(ByteBuffer frame, int interfaceIndex) {
        return run(frame, interfaceIndex, KernelLayout.PROBE_LIVE);
    }

    /**
     * Checks that a slot is whole before packets are judged by it.
     *
     * @throws DataplaneException if it is not
     */
    void check(int slot, long generation) {
        for (String address : new String[] {"192.0.2.1", "2001:db8::1"}) {
            Address any = Address.parse(address);
            Answer answer = run(new ProbePacket(any, 1, any, 1, 6).frame(), LOOPBACK, slot);
            boolean fault = (answer.decision & Image.NUMBER) == KernelLayout.DECISION_FAULT;
            if (fault || answer.generation != generation) {
                throw new DataplaneException("a test packet was not judged by what was written");
            }
        }
    }

    private Answer run(ByteBuffer frame, int interfaceIndex, int slot) {
        ByteBuffer packet =
                ByteBuffer.allocateDirect(KernelLayout.PROBE_SIZE + frame.remaining())
                        .order(ByteOrder.nativeOrder());
        packet.putInt(KernelLayout.PROBE_SLOT, slot);
        packet.position(KernelLayout.PROBE_SIZE).put(frame).flip();
        TestRun run =
                program.testRun(
                        TestRunOptions.of(packet)
                                .withXdpContext(KernelLayout.PROBE_SIZE, interfaceIndex)
                                .withOutputCapacity(packet.limit()));
        ByteBuffer answer = run.output().order(ByteOrder.nativeOrder());
        return new Answer(
                answer.getInt(KernelLayout.PROBE_DECISION),
                answer.getLong(KernelLayout.PROBE_GENERATION));
    }
}

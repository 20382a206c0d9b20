// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.libbpf.TestRunOptions;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Reason;
import java.nio.ByteBuffer;
import java.util.List;

/** A data plane whose program is run on frames that a test makes, as if they had come in. */
final class LoadedDataplane implements AutoCloseable {
    static final int XDP_DROP = 1;
    static final int XDP_PASS = 2;
    static final int XDP_TX = 3;
    static final int TC_UNSPEC = -1;
    static final int TC_SHOT = 2;
    static final int TC_REDIRECT = 7;

    private static final int ROOM = 65_536;

    final Dataplane dataplane;

    LoadedDataplane(Bpffs bpffs, Limits limits) {
        this(bpffs, limits, List.of(), false, DecisionIds.none());
    }

    /**
     * @param interfaces names of those to guard
     * @param clsact whether to attach at egress as on a kernel without tcx
     */
    LoadedDataplane(
            Bpffs bpffs,
            Limits limits,
            List<String> interfaces,
            boolean clsact,
            DecisionIds decisions) {
        dataplane =
                Dataplane.open(
                        Libbpf.get(),
                        new Dataplane.Options(
                                bpffs.path(),
                                new InterfacePatterns(interfaces),
                                false,
                                clsact,
                                List.of(),
                                limits),
                        decisions);
    }

    void commit(DesiredState state) {
        dataplane.commit(state, Environment.of(HostAddresses.of(List.of())));
    }

    TestRun run(ByteBuffer frame) {
        return dataplane.program().testRun(TestRunOptions.of(frame).withOutputCapacity(ROOM));
    }

    /** What becomes of a frame that goes out. */
    int send(ByteBuffer frame) {
        return dataplane
                .egressProgram()
                .testRun(TestRunOptions.of(frame).withOutputCapacity(ROOM))
                .result();
    }

    /** How often a reason of the direction was counted, whatever the resource. */
    long counted(Direction direction, Reason reason) {
        return dataplane.counters().stream()
                .filter(c -> c.decision().direction() == direction)
                .filter(c -> c.decision().reason() == reason)
                .mapToLong(Counter::packets)
                .sum();
    }

    /** What becomes of a segment. */
    int verdict(Segment segment) {
        return run(segment.frame()).result();
    }

    /** What becomes of the first segment of a connection from this address. */
    int verdict(String source) {
        String destination = source.contains(":") ? "fd00::1" : "10.0.0.1";
        return verdict(Segment.of(source, destination, Segment.SYN, 1, 0));
    }

    @Override
    public void close() {
        dataplane.close();
    }
}

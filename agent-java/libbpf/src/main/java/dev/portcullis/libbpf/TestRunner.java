// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs a program on a packet (struct bpf_test_run_opts). Allocates next to nothing. */
final class TestRunner {
    private static final int SIZE = 80;
    private static final int DATA_IN = 8;
    private static final int DATA_OUT = 16;
    private static final int DATA_SIZE_IN = 24;
    private static final int DATA_SIZE_OUT = 28;
    private static final int CONTEXT_IN = 32;
    private static final int CONTEXT_OUT = 40;
    private static final int CONTEXT_SIZE_IN = 48;
    private static final int CONTEXT_SIZE_OUT = 52;
    private static final int RESULT = 56;
    private static final int REPEAT = 60;
    private static final int DURATION = 64;
    private static final int FLAGS = 68;
    private static final int BATCH_SIZE = 76;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private TestRunner() {}

    static TestRun run(BpfProgram program, TestRunOptions run) {
        Natives natives = program.natives();
        CallMemory memory = natives.callMemory();
        ByteBuffer packet = run.packet();
        ByteBuffer context = run.context().orElse(NOTHING);
        int capacity = run.outputCapacity();
        // The context that comes back lies behind the packet that comes back.
        int contextOffset = (capacity + 7) & ~7;
        Memory output = memory.output.room(contextOffset + context.remaining());
        boolean hasContext = context.hasRemaining();
        Memory options =
                memory.options
                        .putLong(0, SIZE)
                        .putLong(DATA_IN, memory.first.input(packet))
                        .putInt(DATA_SIZE_IN, packet.remaining())
                        .putLong(DATA_OUT, capacity == 0 ? 0 : output.address())
                        .putInt(DATA_SIZE_OUT, capacity)
                        .putLong(CONTEXT_IN, hasContext ? memory.second.input(context) : 0)
                        .putInt(CONTEXT_SIZE_IN, context.remaining())
                        .putLong(CONTEXT_OUT, hasContext ? output.address() + contextOffset : 0)
                        .putInt(CONTEXT_SIZE_OUT, context.remaining())
                        .putInt(RESULT, 0)
                        .putInt(REPEAT, run.repeat())
                        .putInt(DURATION, 0)
                        .putLong(FLAGS, 0) // and the CPU, which follows
                        .putInt(BATCH_SIZE, 0);
        int error = natives.attachments.bpf_prog_test_run_opts(program.fd(), options.address());
        Scratch.keep(packet, context);
        if (error < 0) {
            throw failure(program, -error, options, capacity);
        }
        return new TestRun(
                options.getInt(RESULT),
                Integer.toUnsignedLong(options.getInt(DURATION)),
                copy(output, 0, capacity == 0 ? 0 : options.getInt(DATA_SIZE_OUT)),
                copy(output, contextOffset, hasContext ? options.getInt(CONTEXT_SIZE_OUT) : 0));
    }

    private static BpfException failure(
            BpfProgram program, int errno, Memory options, int capacity) {
        String detail =
                errno == Errno.ENOSPC.number()
                        ? "the program left "
                                + options.getInt(DATA_SIZE_OUT)
                                + " bytes, and there was room for "
                                + capacity
                        : "";
        return new BpfException("test", program.toString(), errno, detail);
    }

    private static ByteBuffer copy(Memory from, int offset, int length) {
        if (length == 0) {
            return NOTHING;
        }
        return ByteBuffer.allocate(length)
                .order(ByteOrder.nativeOrder())
                .put(0, from.bytes(), offset, length);
    }
}

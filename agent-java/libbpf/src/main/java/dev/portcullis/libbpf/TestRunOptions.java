// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a program is run on. Direct buffers are read where they are; a caller that runs many packets
 * keeps one and changes its content.
 *
 * @param packet the frame, behind its metadata if there is any
 * @param context what the program gets beside the packet, such as struct xdp_md; see {@link
 *     #xdpContext}
 * @param repeat how often to run, on the same packet
 * @param outputCapacity room for the packet as the program leaves it; 0 to get none, which is
 *     fastest
 */
public record TestRunOptions(
        ByteBuffer packet, Optional<ByteBuffer> context, int repeat, int outputCapacity) {
    private static final int XDP_MD_SIZE = 24;

    /** More than struct __sk_buff has on any kernel: what comes back has to fit whole. */
    private static final int SK_BUFF_SIZE = 256;

    private static final int SK_BUFF_IFINDEX = 40;

    /** Where the five words of {@code cb} begin in a context of {@link #tcContext}. */
    public static final int CONTROL_BUFFER = 48;

    /** Runs once, for the result alone. */
    public static TestRunOptions of(ByteBuffer packet) {
        return new TestRunOptions(packet, Optional.empty(), 1, 0);
    }

    public TestRunOptions withContext(ByteBuffer newContext) {
        return new TestRunOptions(packet, Optional.of(newContext), repeat, outputCapacity);
    }

    public TestRunOptions withRepeat(int times) {
        return new TestRunOptions(packet, context, times, outputCapacity);
    }

    /** A program may make a packet longer; the kernel refuses with ENOSPC what doesn't fit. */
    public TestRunOptions withOutputCapacity(int capacity) {
        return new TestRunOptions(packet, context, repeat, capacity);
    }

    /** Lets an XDP program see the packet's first bytes as metadata, as if from an interface. */
    public TestRunOptions withXdpContext(int metadataLength, int ingressIfindex) {
        return withContext(xdpContext(metadataLength, packet.remaining(), ingressIfindex));
    }

    /**
     * A struct xdp_md as the kernel wants it for a test run: data is where the frame begins,
     * data_meta 0, data_end the length of metadata and frame. Context needs kernel 5.15.
     *
     * @param metadataLength a multiple of 4, up to 255; 0 for none
     * @param ingressIfindex an interface with an XDP program in native mode; 0 for the loopback
     *     interface
     */
    public static ByteBuffer xdpContext(int metadataLength, int packetLength, int ingressIfindex) {
        return ByteBuffer.allocateDirect(XDP_MD_SIZE)
                .order(ByteOrder.nativeOrder())
                .putInt(0, metadataLength)
                .putInt(4, packetLength)
                .putInt(12, ingressIfindex);
    }

    /**
     * A struct __sk_buff for a tc program.
     *
     * @param ifindex the interface; 0 for the loopback interface
     * @param control up to five words of {@code cb}
     */
    public static ByteBuffer tcContext(int ifindex, int... control) {
        ByteBuffer context =
                ByteBuffer.allocateDirect(SK_BUFF_SIZE)
                        .order(ByteOrder.nativeOrder())
                        .putInt(SK_BUFF_IFINDEX, ifindex);
        for (int i = 0; i < control.length; i++) {
            context.putInt(CONTROL_BUFFER + i * Integer.BYTES, control[i]);
        }
        return context;
    }
}

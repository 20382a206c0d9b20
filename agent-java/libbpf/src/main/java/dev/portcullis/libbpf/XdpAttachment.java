// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The XDP program on an interface (struct bpf_xdp_query_opts). One that is offloaded to the card
 * counts as native.
 */
public record XdpAttachment(int programId, XdpMode mode) {
    private static final int SIZE = 32;
    private static final int XDP_ATTACHED_SKB = 2;

    static Optional<XdpAttachment> query(Natives natives, int ifindex) {
        Memory options = new Memory(natives, SIZE).putLong(0, SIZE);
        natives.check(
                natives.attachments.bpf_xdp_query(ifindex, 0, options.address()),
                "query XDP of",
                "interface " + ifindex);
        options.keep();
        int mode = options.bytes().get(24);
        // With programs in several modes at once only the field of each mode is filled.
        int program =
                IntStream.of(8, 12, 16, 20)
                        .map(options::getInt)
                        .filter(id -> id != 0)
                        .findFirst()
                        .orElse(0);
        return program == 0
                ? Optional.empty()
                : Optional.of(
                        new XdpAttachment(
                                program,
                                mode == XDP_ATTACHED_SKB ? XdpMode.GENERIC : XdpMode.NATIVE));
    }
}

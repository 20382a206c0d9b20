// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.RouteSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the kernel for every interface of the network namespace that this process is in. A file
 * system tells less surely: /sys shows the namespace in which it was mounted.
 */
final class InterfaceQuestion {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The kernel makes no larger datagram of an answer in parts. */
    private static final int ROOM = 1 << 16;

    private static final int ATTEMPTS = 10;

    private static final short RTM_GETLINK = 18;
    private static final short NLM_F_REQUEST_DUMP = 0x301;
    private static final short IFLA_EXT_MASK = 29;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    private InterfaceQuestion() {}

    /**
     * @throws DataplaneException if the kernel does not tell
     */
    static List<HostInterface> ask(Libbpf libbpf) {
        try (RouteSocket socket = RouteSocket.open(libbpf)) {
            for (int sequence = 1; sequence <= ATTEMPTS; sequence++) {
                Optional<List<HostInterface>> answer = ask(socket, sequence);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
        throw new DataplaneException(
                "the interfaces of this host can't be listed: they changed "
                        + ATTEMPTS
                        + " times while the kernel told them");
    }

    /** Empty if something changed meanwhile, so that the parts may not fit together. */
    private static Optional<List<HostInterface>> ask(RouteSocket socket, int sequence) {
        socket.send(question(sequence));
        InterfaceMessages answer = new InterfaceMessages(sequence);
        ByteBuffer part = ByteBuffer.allocateDirect(ROOM).order(ByteOrder.nativeOrder());
        while (!answer.isWhole()) {
            if (!socket.await(PATIENCE)) {
                throw new DataplaneException(
                        "the interfaces of this host can't be listed: the kernel does not answer");
            }
            answer.read(part.duplicate().order(part.order()).limit(socket.receive(part)));
        }
        return answer.isConsistent()
                ? Optional.of(new ArrayList<>(answer.interfaces()))
                : Optional.empty();
    }

    /** struct nlmsghdr, struct ifinfomsg, and one attribute: no counters. */
    private static ByteBuffer question(int sequence) {
        return ByteBuffer.allocateDirect(40)
                .order(ByteOrder.nativeOrder())
                .putInt(0, 40)
                .putShort(4, RTM_GETLINK)
                .putShort(6, NLM_F_REQUEST_DUMP)
                .putInt(8, sequence)
                .putShort(32, (short) 8)
                .putShort(34, IFLA_EXT_MASK)
                .putInt(36, RTEXT_FILTER_SKIP_STATS);
    }
}

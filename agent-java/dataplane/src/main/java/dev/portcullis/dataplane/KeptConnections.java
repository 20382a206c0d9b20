// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Prefix;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of balancers that are there when a rule set begins to ask for their headers. They
 * have sent theirs already, if they had one, and are let go on for a time.
 *
 * <p>Of one that began while headers were asked for, the kernel programs know.
 */
final class KeptConnections {
    private static final Logger LOG = LoggerFactory.getLogger(KeptConnections.class);

    private final KernelObject object;
    private final ProxiedLimits limits;
    private final Optional<HeaderQuestion> before;
    private final HeaderQuestion next;
    private final List<Prefix> balancers;

    /**
     * @param before asks the rule set that packets were judged by; empty if there was none where
     *     they come in
     * @param next asks that which they will be judged by
     * @param state of that
     */
    KeptConnections(
            KernelObject object,
            ProxiedLimits limits,
            Optional<HeaderQuestion> before,
            HeaderQuestion next,
            DesiredState state) {
        this.object = object;
        this.limits = limits;
        this.before = before;
        this.next = next;
        balancers = state.proxied().values().stream().flatMap(r -> r.balancers().stream()).toList();
    }

    /**
     * Lets connections go on; to be called before and after the rule set is the one that packets
     * are judged by, because some begin meanwhile.
     *
     * @param sockets of this host
     */
    void keep(List<Socket> sockets) {
        if (limits.keepExisting().isZero()) {
            return;
        }
        for (Socket socket : sockets) {
            if (socket.protocol() == Socket.TCP
                    && !socket.begunHere()
                    && balancers.stream().anyMatch(b -> b.contains(socket.remote()))
                    && before.filter(asked -> asked.asks(socket)).isEmpty()
                    && !isKnown(socket)
                    && next.asks(socket)) {
                keep(socket);
            }
        }
    }

    /** Those that have begun since; what can't be read is told in the log, and is cut. */
    void keepLate() {
        try {
            keep(SocketTables.read());
        } catch (BpfException | UncheckedIOException e) {
            LOG.warn("event=connections_not_kept error=\"{}\"", e.getMessage());
        }
    }

    /** In this order: when its header comes, the one entry is made before the other one goes. */
    private boolean isKnown(Socket socket) {
        ByteBuffer key = Conversations.key(socket);
        return object.map("opening").lookup(key, value(KernelLayout.OPENING_SIZE))
                || object.map("proxied").lookup(key, value(KernelLayout.PROXIED_SIZE));
    }

    private void keep(Socket socket) {
        ByteBuffer value = value(KernelLayout.PROXIED_SIZE);
        value.putInt(
                KernelLayout.PROXIED_UNTIL,
                ProxiedConnections.now() + ConversationLimits.units(limits.keepExisting()));
        value.put(
                KernelLayout.PROXIED_ORIGINAL + KernelLayout.ORIGINAL_HOW,
                (byte) KernelLayout.PROXIED_KEPT);
        object.map("proxied").update(Conversations.key(socket), value);
    }

    private static ByteBuffer value(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}

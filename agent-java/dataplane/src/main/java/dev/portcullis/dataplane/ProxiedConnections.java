// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * The connections of balancers that the kernel programs know: what they can't do themselves.
 *
 * <p>One that was there when headers began to be asked for has sent its own already, if it had one.
 * It is told by a socket of this host of whose beginning the kernel programs know nothing, and kept
 * for a time.
 */
final class ProxiedConnections {
    private static final int TCP = 6;

    /** Longer than a host keeps the ports of a connection that has ended. */
    private static final Duration ENDED = Duration.ofMinutes(2);

    private final KernelObject object;
    private final ProxiedLimits limits;
    private volatile int known;

    ProxiedConnections(KernelObject object, ProxiedLimits limits) {
        this.object = object;
        this.limits = limits;
    }

    /** Whether a state asks for headers where the one before does not. */
    static boolean begins(DesiredState before, DesiredState next) {
        Map<String, Resource> asked = before.proxied();
        return next.proxied().entrySet().stream()
                .anyMatch(entry -> !entry.getValue().equals(asked.get(entry.getKey())));
    }

    /**
     * Lets the connections go on that a rule set would ask for a header that they have sent before.
     *
     * @param sockets of this host
     * @param next asks the rule set
     * @param decisions of that, by number
     */
    void keep(
            List<Socket> sockets,
            DesiredState state,
            SlotProbe next,
            GuardedInterfaces interfaces,
            IntFunction<Decision> decisions) {
        List<Prefix> balancers =
                state.proxied().values().stream().flatMap(r -> r.balancers().stream()).toList();
        if (limits.keepExisting().isZero() || balancers.isEmpty()) {
            return;
        }
        for (Socket socket : sockets) {
            if (socket.protocol() == TCP
                    && !socket.begunHere()
                    && balancers.stream().anyMatch(b -> b.contains(socket.remote()))
                    && !isKnown(socket)
                    && isAsked(socket, next, interfaces, decisions)) {
                keep(socket);
            }
        }
    }

    /** Of one that began when headers were asked for already, the programs have seen the SYN. */
    private boolean isKnown(Socket socket) {
        ByteBuffer key = Conversations.key(socket);
        return object.map("proxied").lookup(key, value(KernelLayout.PROXIED_SIZE))
                || object.map("opening").lookup(key, value(KernelLayout.OPENING_SIZE));
    }

    private static boolean isAsked(
            Socket socket,
            SlotProbe next,
            GuardedInterfaces interfaces,
            IntFunction<Decision> decisions) {
        ProbePacket packet =
                ProbePacket.established(
                        socket.remote(), socket.remotePort(), socket.local(), socket.localPort());
        return interfaces.at(socket.local()).stream()
                .map(at -> next.arriving(packet.frame(), at.index()).decision() & Image.NUMBER)
                .map(decisions::apply)
                .anyMatch(decision ->
                        decision != null && decision.reason() == Reason.PROXY_HANDSHAKE);
    }

    private void keep(Socket socket) {
        ByteBuffer value = value(KernelLayout.PROXIED_SIZE);
        value.putInt(
                KernelLayout.PROXIED_UNTIL,
                now() + ConversationLimits.units(limits.keepExisting()));
        value.put(
                KernelLayout.PROXIED_ORIGINAL + KernelLayout.ORIGINAL_HOW,
                (byte) KernelLayout.PROXIED_KEPT);
        object.map("proxied").update(Conversations.key(socket), value);
    }

    /** Forgets those that have ended. */
    void sweep() {
        Set<ByteBuffer> ended = new HashSet<>();
        BpfMap map = object.map("proxied");
        int[] seen = {0};
        int before = now() - ConversationLimits.units(ENDED);
        MapEntries.forEach(
                map,
                (key, value) -> {
                    seen[0]++;
                    int end = value.getInt(KernelLayout.PROXIED_ENDED);
                    if (end != 0 && end - before < 0) {
                        ended.add(MapEntries.copy(key));
                    }
                });
        known = seen[0] - ended.size();
        if (!ended.isEmpty()) {
            // A RST that somebody made up ends nothing.
            SocketTables.read().stream().map(Conversations::key).forEach(ended::remove);
            ended.forEach(map::delete);
        }
    }

    /** How many there were when it was last looked. */
    MapUsage usage() {
        return new MapUsage("proxied", known, object.map("proxied").maxEntries());
    }

    private static int now() {
        return (int) (System.nanoTime() >> KernelLayout.TIME_SHIFT);
    }

    private static ByteBuffer value(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}

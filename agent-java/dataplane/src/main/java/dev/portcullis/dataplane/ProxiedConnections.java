// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * The connections of balancers that the kernel programs know: what they can't do themselves.
 *
 * <p>One that was there when headers began to be asked for has sent its own already, if it had one.
 * It is told by a socket of this host of whose beginning the kernel programs know nothing, and kept
 * for a time.
 */
final class ProxiedConnections {
    private static final int TCP = 6;
    private static final int BATCH = 512;

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
        Map<String, Resource> asked = asking(before);
        return asking(next).entrySet().stream()
                .anyMatch(entry -> !entry.getValue().equals(asked.get(entry.getKey())));
    }

    /** The resources that ask for headers, as far as they say of whom and where. */
    private static Map<String, Resource> asking(DesiredState state) {
        Map<String, Resource> asking = new HashMap<>();
        state.associatedPolicies()
                .forEach((name, policies) -> {
                    Resource resource = state.resources().get(name);
                    boolean judged =
                            policies.stream().anyMatch(p -> p.type().judges(Direction.INGRESS));
                    if (judged && !resource.balancers().isEmpty()) {
                        asking.put(name, resource.withPolicies(List.of()));
                    }
                });
        return asking;
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
        if (limits.keepExisting().isZero()) {
            return;
        }
        Set<Resource> asking = Set.copyOf(asking(state).values());
        Predicate<Address> balancer =
                address ->
                        asking.stream()
                                .flatMap(resource -> resource.balancers().stream())
                                .anyMatch(prefix -> prefix.contains(address));
        if (asking.isEmpty()) {
            return;
        }
        for (Socket socket : sockets) {
            if (socket.protocol() == TCP
                    && !socket.begunHere()
                    && balancer.test(socket.remote())
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
        int now = now();
        ByteBuffer value = value(KernelLayout.PROXIED_SIZE);
        value.putInt(KernelLayout.PROXIED_SEEN, now);
        value.putInt(
                KernelLayout.PROXIED_UNTIL, now + ConversationLimits.units(limits.keepExisting()));
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
        map.forEachBatch(
                BATCH,
                (keys, values, count) -> {
                    seen[0] += count;
                    for (int i = 0; i < count; i++) {
                        int at = values.position() + i * map.valueStride();
                        int end = values.getInt(at + KernelLayout.PROXIED_ENDED);
                        if (end != 0 && end - before < 0) {
                            ended.add(key(keys, i));
                        }
                    }
                });
        known = seen[0] - ended.size();
        if (!ended.isEmpty()) {
            // A RST that somebody made up ends nothing.
            SocketTables.read().stream().map(Conversations::key).forEach(ended::remove);
            ended.forEach(map::delete);
        }
    }

    private static ByteBuffer key(ByteBuffer keys, int index) {
        int size = KernelLayout.CONVERSATION_KEY_SIZE;
        return ByteBuffer.allocate(size).put(0, keys, keys.position() + index * size, size);
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

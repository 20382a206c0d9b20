// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.TestRun;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A host behind balancers, to which a test sends what those would. */
final class ProxiedHost implements AutoCloseable {
    static final String BALANCERS4 = "192.0.2.0/24";
    static final String BALANCERS6 = "2001:db8:ba::/48";
    private static final int TCP = 6;

    private final Bpffs bpffs = new Bpffs();
    private final Limits limits;
    private LoadedDataplane loaded;
    private BpfMap proxied;

    ProxiedHost() {
        this(Limits.DEFAULT);
    }

    ProxiedHost(Limits limits) {
        this.limits = limits;
        loaded = new LoadedDataplane(bpffs, limits);
        loaded.commit(DesiredState.EMPTY);
        proxied = map("proxied");
    }

    /** Goes on as the next agent, which has committed nothing yet. */
    void restart() {
        LoadedDataplane before = loaded;
        loaded = new LoadedDataplane(bpffs, limits, List.of(), false, before.dataplane.decisions());
        before.close();
        proxied.close();
        proxied = map("proxied");
    }

    static Limits limits(int proxied, Duration keepExisting) {
        Limits standard = Limits.DEFAULT;
        return new Limits(
                1_000,
                128,
                10,
                10,
                10,
                standard.conversations(),
                standard.dropped(),
                new ProxiedLimits(proxied, keepExisting));
    }

    /** The same state with these balancers before its resources. */
    static DesiredState behindBalancers(DesiredState state, String... balancers) {
        Set<Prefix> prefixes =
                Arrays.stream(balancers).map(States::prefix).collect(Collectors.toSet());
        Map<String, Resource> resources = new HashMap<>(state.resources());
        resources.replaceAll((name, resource) -> resource.withBalancers(prefixes));
        return new DesiredState(state.policies(), resources);
    }

    /** The same with those that tests send from. */
    static DesiredState behindBalancers(DesiredState state) {
        return behindBalancers(state, BALANCERS4, BALANCERS6);
    }

    Dataplane dataplane() {
        return loaded.dataplane;
    }

    LoadedDataplane loaded() {
        return loaded;
    }

    void commit(DesiredState state) {
        loaded.commit(behindBalancers(state));
    }

    /** One of the kernel's maps. */
    BpfMap map(String name) {
        return Libbpf.get().pinnedMap(bpffs.path().resolve("objects/1/" + name)).orElseThrow();
    }

    /**
     * What becomes of a segment with this data; one that gets to the server as nothing but a RST is
     * dropped.
     */
    int send(Segment segment, byte... data) {
        TestRun run = loaded.run(frame(segment, data));
        boolean reset = (segment.flags() & Segment.RST) == 0 && hasReset(segment, run.output());
        return run.result() == LoadedDataplane.XDP_PASS && reset
                ? LoadedDataplane.XDP_DROP
                : run.result();
    }

    /** Whether a segment with this data gets to the server as a RST, by which that forgets it. */
    boolean sendsReset(Segment segment, byte... data) {
        return hasReset(segment, loaded.run(frame(segment, data)).output());
    }

    /** Without extension headers. */
    private static boolean hasReset(Segment segment, ByteBuffer frame) {
        int ip = segment.source().family() == Family.IPV4 ? 20 : 40;
        int tcp = 14 + 4 * segment.tags().size() + ip + segment.extras();
        return (frame.get(tcp + 13) & Segment.RST) != 0;
    }

    static ByteBuffer frame(Segment segment, byte... data) {
        ByteBuffer frame = segment.with(segment.extras(), segment.options(), data.length).frame();
        return frame.put(frame.limit() - data.length, data);
    }

    /** How the connection of a segment is known; empty if it is not. */
    Optional<Known> known(Segment segment) {
        ByteBuffer value =
                ByteBuffer.allocate(KernelLayout.PROXIED_SIZE).order(ByteOrder.nativeOrder());
        if (!proxied.lookup(key(segment), value)) {
            return Optional.empty();
        }
        int number = (int) value.getLong(0) & Image.NUMBER;
        return Optional.of(
                new Known(
                        loaded.dataplane.decisions().byNumber().get(number),
                        Original.read(value, KernelLayout.PROXIED_ORIGINAL)));
    }

    /** Forgets the connection of a segment. */
    void forget(Segment segment) {
        for (String name : List.of("proxied", "opening", "unfinished")) {
            try (BpfMap map = map(name)) {
                map.delete(key(segment));
            }
        }
    }

    static ByteBuffer key(Segment segment) {
        Address local = segment.destination();
        return Conversations.key(
                new Socket(
                        TCP,
                        local,
                        segment.destinationPort(),
                        segment.source(),
                        segment.sourcePort(),
                        false));
    }

    /**
     * A connection that was let in.
     *
     * @param decision null if no decision has its number
     */
    record Known(Decision decision, Original original) {}

    @Override
    public void close() {
        proxied.close();
        loaded.close();
        bpffs.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.DROPPED_BYTES;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_DECISION;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_FIRST;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_LAST;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_ORIGINAL;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_PACKETS;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_PROXIED_KEY_SIZE;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_REMOTE;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_SIZE;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The kernel's maps of who is denied most; what comes and goes while they are read may be missing.
 */
final class DroppedSources {
    private final List<BpfMap> maps;

    /** Those that came themselves, and those that balancers have sent on. */
    DroppedSources(KernelObject object) {
        maps = List.of(object.map("dropped"), object.map("dropped_proxied"));
    }

    /**
     * @param decisions by number; what others have denied is left out, since nobody is left to say
     *     who they were
     */
    List<DroppedSource> read(Map<Integer, Decision> decisions) {
        KernelClock clock = KernelClock.now();
        // By key: where the kernel has no batches, an entry that goes makes others come again.
        Map<ByteBuffer, DroppedSource> sources = new HashMap<>();
        BiConsumer<ByteBuffer, ByteBuffer> reader =
                (key, value) -> {
                    Decision decision = decisions.get(key.getInt(DROPPED_DECISION));
                    if (decision != null) {
                        sources.put(MapEntries.copy(key), source(key, decision, value, clock));
                    }
                };
        maps.forEach(map -> MapEntries.forEach(map, reader));
        return List.copyOf(sources.values());
    }

    /** Forgets what decisions of these numbers have denied. */
    void forget(Set<Integer> numbers) {
        if (!numbers.isEmpty()) {
            maps.forEach(map -> forget(map, numbers));
        }
    }

    private static void forget(BpfMap map, Set<Integer> numbers) {
        List<ByteBuffer> outdated = new ArrayList<>();
        MapEntries.forEach(
                map,
                (key, value) -> {
                    if (numbers.contains(key.getInt(DROPPED_DECISION))) {
                        outdated.add(MapEntries.copy(key));
                    }
                });
        outdated.forEach(map::delete);
    }

    /** Over all CPUs, of which those that have denied nothing hold zeros. */
    private static DroppedSource source(
            ByteBuffer key, Decision decision, ByteBuffer value, KernelClock clock) {
        long packets = 0;
        long bytes = 0;
        int first = 0;
        int last = 0;
        for (int at = 0; at < value.capacity(); at += DROPPED_SIZE) {
            long ofCpu = value.getLong(at + DROPPED_PACKETS);
            if (ofCpu > 0) {
                int firstOfCpu = value.getInt(at + DROPPED_FIRST);
                int lastOfCpu = value.getInt(at + DROPPED_LAST);
                first = packets == 0 || firstOfCpu - first < 0 ? firstOfCpu : first;
                last = packets == 0 || lastOfCpu - last > 0 ? lastOfCpu : last;
                packets += ofCpu;
                bytes += value.getLong(at + DROPPED_BYTES);
            }
        }
        return new DroppedSource(
                remote(key),
                key.capacity() < DROPPED_PROXIED_KEY_SIZE
                        ? Optional.empty()
                        : Optional.of(Original.read(key, DROPPED_ORIGINAL)),
                decision,
                packets,
                bytes,
                clock.instant((long) first << KernelLayout.TIME_SHIFT),
                clock.instant((long) last << KernelLayout.TIME_SHIFT));
    }

    private static Optional<Address> remote(ByteBuffer key) {
        int family = key.getInt(DROPPED_FAMILY);
        if (family == 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[family == 4 ? 4 : 16];
        key.get(DROPPED_REMOTE, bytes);
        return Optional.of(Address.ofBytes(bytes));
    }
}

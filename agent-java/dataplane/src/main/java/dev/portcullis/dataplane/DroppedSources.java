// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.DROPPED_BYTES;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_DECISION;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_FAMILY;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_FIRST;
import static dev.portcullis.dataplane.KernelLayout.DROPPED_KEY_SIZE;
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
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The kernel's maps of who is denied most. They are read in batches, by which the kernel does not
 * take entries for used; those that come and go meanwhile may be missing.
 */
final class DroppedSources {
    /** A value is as many bytes as {@code struct dropped} times the CPUs. */
    private static final int BATCH = 512;

    private final List<Table> tables;

    /** Those that came themselves, and those that balancers have sent on. */
    DroppedSources(KernelObject object) {
        tables =
                List.of(
                        new Table(object.map("dropped"), DROPPED_KEY_SIZE),
                        new Table(object.map("dropped_proxied"), DROPPED_PROXIED_KEY_SIZE));
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
                        sources.put(copy(key), source(key, decision, value, clock));
                    }
                };
        tables.forEach(table -> table.forEach(reader));
        return List.copyOf(sources.values());
    }

    /** Forgets what decisions of these numbers have denied. */
    void forget(Set<Integer> numbers) {
        if (!numbers.isEmpty()) {
            tables.forEach(table -> table.forget(numbers));
        }
    }

    private static ByteBuffer copy(ByteBuffer key) {
        return ByteBuffer.allocate(key.capacity()).put(0, key, 0, key.capacity());
    }

    /** One of the kernel's maps; the key begins as {@code struct dropped_key} does. */
    private record Table(BpfMap map, int keySize) {
        void forget(Set<Integer> numbers) {
            List<ByteBuffer> outdated = new ArrayList<>();
            forEach((key, value) -> {
                if (numbers.contains(key.getInt(DROPPED_DECISION))) {
                    outdated.add(copy(key));
                }
            });
            outdated.forEach(map::delete);
        }

        void forEach(BiConsumer<ByteBuffer, ByteBuffer> consumer) {
            map.forEachBatch(
                    BATCH,
                    (keys, values, count) -> {
                        for (int i = 0; i < count; i++) {
                            consumer.accept(
                                    part(keys, i, keySize), part(values, i, map.valueStride()));
                        }
                    });
        }

        private static ByteBuffer part(ByteBuffer buffer, int index, int size) {
            return buffer.slice(buffer.position() + index * size, size)
                    .order(ByteOrder.nativeOrder());
        }
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

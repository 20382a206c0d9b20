// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The maps of an object that an agent before this one loaded, of whatever version it was. */
final class EarlierObject implements AutoCloseable {
    private final int number;
    private final Map<String, BpfMap> maps;

    private EarlierObject(int number, Map<String, BpfMap> maps) {
        this.number = number;
        this.maps = maps;
    }

    static EarlierObject open(Libbpf libbpf, Pins pins, int number, Collection<String> names) {
        Map<String, BpfMap> maps = new HashMap<>();
        for (String name : names) {
            libbpf.pinnedMap(pins.map(number, name)).ifPresent(map -> maps.put(name, map));
        }
        return new EarlierObject(number, maps);
    }

    int number() {
        return number;
    }

    /** Empty if it has none of that name. */
    Optional<BpfMap> map(String name) {
        return Optional.ofNullable(maps.get(name));
    }

    Optional<ObjectIdentity> identity() {
        return map("identity").map(ObjectIdentity::read);
    }

    /** Empty if it has none. */
    Optional<Counters> counters() {
        return map("counters")
                .flatMap(
                        counters -> map("carried").map(carried -> new Counters(counters, carried)));
    }

    /** The number of its newest rule set; 0 if it has none. */
    long newestGeneration() {
        return map("generations")
                .map(generations ->
                        IntStream.range(0, generations.maxEntries())
                                .mapToLong(slot -> generation(generations, slot))
                                .max()
                                .orElse(0))
                .orElse(0L);
    }

    private static long generation(BpfMap generations, int slot) {
        ByteBuffer value =
                ByteBuffer.allocate(generations.valueSize()).order(ByteOrder.nativeOrder());
        generations.lookup(Slot.word(slot), value);
        return value.getLong(KernelLayout.GENERATION_NUMBER);
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.policy.model.Decision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kernel's counters of decisions, by their numbers: what programs count now, and what was
 * carried over from maps before. Both begin with packets and bytes in every version.
 */
final class Counters {
    private final BpfMap map;
    private final BpfMap carried;

    private record Sum(long packets, long bytes) {
        Sum plus(Sum other) {
            return new Sum(packets + other.packets, bytes + other.bytes);
        }
    }

    Counters(BpfMap map, BpfMap carried) {
        this.map = map;
        this.carried = carried;
    }

    /** Over all CPUs. */
    List<Counter> read(Map<Integer, Decision> decisions) {
        List<Counter> counters = new ArrayList<>();
        decisions.forEach((number, decision) -> {
            Sum sum = sum(number);
            counters.add(new Counter(decision, sum.packets, sum.bytes));
        });
        return counters;
    }

    private Sum sum(int number) {
        return sum(map, number).plus(sum(carried, number));
    }

    private static Sum sum(BpfMap of, int number) {
        ByteBuffer values = buffer(of);
        if (!of.lookup(Slot.word(number), values)) {
            return new Sum(0, 0);
        }
        Sum sum = new Sum(0, 0);
        int stride = (of.valueSize() + Long.BYTES - 1) & -Long.BYTES;
        for (int at = 0; at < values.capacity(); at += stride) {
            sum =
                    sum.plus(
                            new Sum(
                                    values.getLong(at + KernelLayout.COUNTER_PACKETS),
                                    values.getLong(at + KernelLayout.COUNTER_BYTES)));
        }
        return sum;
    }

    private static ByteBuffer buffer(BpfMap of) {
        return ByteBuffer.allocate(of.valueStride()).order(ByteOrder.nativeOrder());
    }

    /** A number may have been another decision's before. */
    void reset(Set<Integer> numbers) {
        for (BpfMap each : List.of(map, carried)) {
            numbers.stream()
                    .filter(number -> number < each.maxEntries())
                    .forEach(number -> each.update(Slot.word(number), buffer(each)));
        }
    }

    /**
     * Takes over what other maps have counted, which no program uses any more. Doing it again
     * changes nothing.
     */
    void carry(Counters before) {
        if (before.map.id() == map.id()) {
            return;
        }
        int end = Math.min(carried.maxEntries(), before.map.maxEntries());
        for (int number = 0; number < end; number++) {
            Sum sum = before.sum(number);
            ByteBuffer value = buffer(carried);
            value.putLong(KernelLayout.COUNTER_PACKETS, sum.packets);
            value.putLong(KernelLayout.COUNTER_BYTES, sum.bytes);
            carried.update(Slot.word(number), value);
        }
    }
}

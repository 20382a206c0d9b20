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

/** The kernel's counters of decisions, by their numbers. */
final class Counters {
    private final BpfMap map;

    Counters(BpfMap map) {
        this.map = map;
    }

    /** Over all CPUs. */
    List<Counter> read(Map<Integer, Decision> decisions) {
        ByteBuffer values =
                ByteBuffer.allocateDirect(map.valueStride()).order(ByteOrder.nativeOrder());
        List<Counter> counters = new ArrayList<>();
        decisions.forEach((number, decision) -> {
            map.lookup(Slot.word(number), values.clear());
            long packets = 0;
            long bytes = 0;
            for (int at = 0; at < values.capacity(); at += KernelLayout.COUNTER_SIZE) {
                packets += values.getLong(at + KernelLayout.COUNTER_PACKETS);
                bytes += values.getLong(at + KernelLayout.COUNTER_BYTES);
            }
            counters.add(new Counter(decision, packets, bytes));
        });
        return counters;
    }

    /** A number may have been another decision's before. */
    void reset(Set<Integer> numbers) {
        ByteBuffer zeros = ByteBuffer.allocateDirect(map.valueStride());
        for (int number : numbers) {
            map.update(Slot.word(number), zeros.clear());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.LIVE_DEADLINE_SHIFT;
import static dev.portcullis.dataplane.KernelLayout.LIVE_FALLBACK_SHIFT;
import static dev.portcullis.dataplane.KernelLayout.LIVE_SLOT;

import dev.portcullis.libbpf.BpfMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The word in the map {@code live}: which slot packets are judged by. It is written in one piece,
 * through memory that the kernel shares, so that a packet sees the word before or the word after.
 */
final class LiveWord {
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /**
     * @param slot that packets are judged by
     * @param fallback what takes its place, if anything does
     */
    record Choice(int slot, Optional<Fallback> fallback) {
        /** The slot that packets are judged by at this moment. */
        int effective() {
            return fallback.filter(f -> f.deadline.hasPassed()).map(Fallback::slot).orElse(slot);
        }
    }

    /**
     * @param deadline from which on packets are judged by its slot
     */
    record Fallback(int slot, Deadline deadline) {}

    private final ByteBuffer memory;

    LiveWord(BpfMap live) {
        memory = live.mmap().orElseThrow();
    }

    Choice get() {
        long word = (long) LONGS.getVolatile(memory, 0);
        long deadline = word >>> LIVE_DEADLINE_SHIFT;
        int slot = (int) word & LIVE_SLOT;
        return new Choice(
                slot,
                deadline == 0
                        ? Optional.empty()
                        : Optional.of(
                                new Fallback(
                                        (int) (word >>> LIVE_FALLBACK_SHIFT) & LIVE_SLOT,
                                        new Deadline(deadline))));
    }

    void set(Choice choice) {
        long word = choice.slot;
        if (choice.fallback.isPresent()) {
            Fallback fallback = choice.fallback.get();
            word |= (long) fallback.slot << LIVE_FALLBACK_SHIFT;
            word |= fallback.deadline.units() << LIVE_DEADLINE_SHIFT;
        }
        LONGS.setVolatile(memory, 0, word);
    }
}

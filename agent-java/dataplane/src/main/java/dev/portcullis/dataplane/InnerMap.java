// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import java.util.Optional;
import java.util.OptionalInt;

/** What one slot of an array of maps holds. */
final class InnerMap implements AutoCloseable {
    private final BpfMap outer;
    private final int slot;
    private Optional<BpfMap> map = Optional.empty();

    InnerMap(BpfMap outer, int slot) {
        this.outer = outer;
        this.slot = slot;
    }

    /** The name of the array of maps. */
    String name() {
        return outer.name();
    }

    /** Empty if nothing was put here, or what it is was forgotten. */
    Optional<BpfMap> get() {
        return map;
    }

    /** Puts a map in the place of the one before, and takes it over, also if that fails. */
    void put(BpfMap next) {
        try {
            outer.putInner(slot, next);
        } catch (RuntimeException e) {
            next.close();
            throw e;
        }
        close();
        map = Optional.of(next);
    }

    /** Waits until no packet is being judged by what this slot held. */
    void awaitReaders() {
        // An update of an array of maps returns after an RCU grace period (Linux 4.20,
        // maybe_wait_bpf_programs), and packets are judged inside one.
        map.ifPresent(known -> outer.putInner(slot, known));
    }

    /** Whether the map is where it was put; true if none was. */
    boolean isInPlace() {
        return map.map(known -> outer.innerId(slot).equals(OptionalInt.of(known.id())))
                .orElse(true);
    }

    /** What is here is unknown from now on. */
    void forget() {
        close();
        map = Optional.empty();
    }

    /** Takes the map out of the array; nothing judges by the slot until it is written anew. */
    void release() {
        outer.delete(Slot.word(slot));
    }

    @Override
    public void close() {
        map.ifPresent(BpfMap::close);
    }
}

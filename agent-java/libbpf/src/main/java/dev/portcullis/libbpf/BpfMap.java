// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A map in the kernel. Keys and values lie between the position and the limit of their buffers and
 * have to have exactly the map's sizes.
 *
 * @see <a href="https://docs.kernel.org/bpf/maps.html">BPF maps</a>
 */
public final class BpfMap implements AutoCloseable {
    private final Natives natives;
    private final Fd fd;
    private final String name;
    private final MapInfo info;
    private final int valueStride;
    private final MapBatches batches;

    /** Takes over the descriptor, also if this fails. */
    private BpfMap(Natives natives, Fd fd, Optional<String> name) {
        this.natives = natives;
        this.fd = fd;
        info = MapInfo.read(natives, fd.get(this), name.map(n -> "map " + n).orElse("map"));
        this.name = name.orElse(info.name());
        valueStride =
                info.type().isPerCpu()
                        ? roundUp8(info.valueSize()) * natives.possibleCpus()
                        : info.valueSize();
        batches = new MapBatches(natives, this);
    }

    static BpfMap own(Natives natives, int fd, Optional<String> name) {
        Fd owned = new Fd(natives, fd);
        try {
            return new BpfMap(natives, owned, name);
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    /** The descriptor, which stays this map's own. */
    public int fd() {
        return fd.get(this);
    }

    public int id() {
        return info.id();
    }

    /**
     * The name in its object if it was got from one; else what the kernel keeps: 15 bytes of it.
     */
    public String name() {
        return name;
    }

    public MapType type() {
        return info.type();
    }

    public int keySize() {
        return info.keySize();
    }

    /** The size of a value, for a per-CPU map of one CPU's. */
    public int valueSize() {
        return info.valueSize();
    }

    public int maxEntries() {
        return info.maxEntries();
    }

    /**
     * The bytes that a look-up gives and an update takes: for a per-CPU map a value for each
     * possible CPU, each rounded up to 8 bytes; else {@link #valueSize}.
     */
    public int valueStride() {
        return valueStride;
    }

    /** Copies the value of a key into {@code value}; returns whether there is such an entry. */
    public boolean lookup(ByteBuffer key, ByteBuffer value) {
        requireSize("key", key, info.keySize());
        requireSize("value", value, valueStride);
        CallMemory memory = natives.callMemory();
        int result =
                natives.maps.bpf_map_lookup_elem(
                        fd(), memory.first.input(key), memory.second.output(value));
        Scratch.keep(key, value);
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        natives.check(result, "look up an entry of", this);
        memory.second.fill(value);
        return true;
    }

    public void update(ByteBuffer key, ByteBuffer value) {
        update(key, value, UpdateMode.ANY);
    }

    public void update(ByteBuffer key, ByteBuffer value, UpdateMode mode) {
        requireSize("key", key, info.keySize());
        requireSize("value", value, valueStride);
        CallMemory memory = natives.callMemory();
        int result =
                natives.maps.bpf_map_update_elem(
                        fd(), memory.first.input(key), memory.second.input(value), mode.flag());
        Scratch.keep(key, value);
        natives.check(result, "update an entry of", this);
    }

    /** Removes an entry; returns whether there was one. */
    public boolean delete(ByteBuffer key) {
        requireSize("key", key, info.keySize());
        int result = natives.maps.bpf_map_delete_elem(fd(), natives.callMemory().first.input(key));
        Memory.keep(key);
        if (result == -Errno.ENOENT.number()) {
            return false;
        }
        natives.check(result, "delete an entry of", this);
        return true;
    }

    /**
     * Makes or replaces {@code count} entries, whose keys and values lie one after the other. Those
     * before one that fails are written.
     */
    public void updateBatch(ByteBuffer keys, ByteBuffer values, int count) {
        requireSize("keys", keys, Math.multiplyExact(count, info.keySize()));
        requireSize("values", values, Math.multiplyExact(count, valueStride));
        batches.update(keys, values, count);
    }

    /** Removes {@code count} entries; one that isn't there is an error, {@code ENOENT}. */
    public void deleteBatch(ByteBuffer keys, int count) {
        requireSize("keys", keys, Math.multiplyExact(count, info.keySize()));
        batches.delete(keys, count);
    }

    /**
     * Gives all entries to {@code consumer}, about {@code batchSize} at a time. Entries that come
     * and go meanwhile may be missing or come twice.
     */
    public void forEachBatch(int batchSize, BatchConsumer consumer) {
        batches.forEach(batchSize, consumer);
    }

    /** Puts a map into an array of maps. */
    public void putInner(int index, BpfMap inner) {
        CallMemory memory = natives.callMemory();
        Memory key = memory.count.putInt(0, index);
        Memory value = memory.options.putInt(0, inner.fd());
        natives.check(
                natives.maps.bpf_map_update_elem(fd(), key.address(), value.address(), 0),
                "put " + inner + " into",
                this);
    }

    /** The id of the map that an array of maps holds there; empty if it holds none. */
    public OptionalInt innerId(int index) {
        CallMemory memory = natives.callMemory();
        Memory key = memory.count.putInt(0, index);
        Memory value = memory.options.putInt(0, 0);
        int result = natives.maps.bpf_map_lookup_elem(fd(), key.address(), value.address());
        if (result == -Errno.ENOENT.number()) {
            return OptionalInt.empty();
        }
        natives.check(result, "look up a map in", this);
        return OptionalInt.of(value.getInt(0));
    }

    /**
     * An array's values as memory that the kernel shares, each rounded up to 8 bytes; empty for a
     * map without {@link MapFlags#MMAPABLE}. The memory stays mapped as long as the buffer is
     * reachable, also after this handle is closed. Needs kernel 5.5.
     */
    public Optional<ByteBuffer> mmap() {
        if (info.type() != MapType.ARRAY || (info.flags() & MapFlags.MMAPABLE) == 0) {
            return Optional.empty();
        }
        long size = (long) info.maxEntries() * roundUp8(info.valueSize());
        return Optional.of(SharedMemory.map(natives, fd(), size, this));
    }

    /** Pins the map in a bpffs, where it stays until the file is removed. */
    public void pin(Path path) {
        natives.pin(fd, path, this);
    }

    /** Forbids changes from user space for good (kernel 5.2). */
    public void freeze() {
        natives.check(natives.maps.bpf_map_freeze(fd()), "freeze", this);
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "map " + name;
    }

    private void requireSize(String what, ByteBuffer buffer, int size) {
        if (buffer.remaining() != size) {
            throw new IllegalArgumentException(
                    this + ": " + what + " of " + buffer.remaining() + " bytes instead of " + size);
        }
    }

    private static int roundUp8(int size) {
        return (size + 7) & ~7;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A compiled object: opened, adjusted, loaded, and then asked for its maps and programs. Those are
 * handles of their own, which stay valid when the object is closed. An object is for one thread.
 */
public final class BpfObject implements AutoCloseable {
    private final Natives natives;
    private final String name;

    /** Pointers, found before anything is adjusted: libbpf renames a map that is reused. */
    private final Map<String, Long> maps = new LinkedHashMap<>();

    private final Map<String, Long> programs = new LinkedHashMap<>();
    private final List<Fd> templates = new ArrayList<>();
    private long object;
    private State state = State.OPEN;

    private enum State {
        OPEN,
        LOADED,
        FAILED,
        CLOSED
    }

    private BpfObject(Natives natives, String name, long object) {
        this.natives = natives;
        this.name = name;
        this.object = object;
        long map = natives.objects.bpf_object__next_map(object, 0);
        while (map != 0) {
            maps.put(natives.string(natives.objects.bpf_map__name(map)), map);
            map = natives.objects.bpf_object__next_map(object, map);
        }
        long program = natives.objects.bpf_object__next_program(object, 0);
        while (program != 0) {
            programs.put(natives.string(natives.objects.bpf_program__name(program)), program);
            program = natives.objects.bpf_object__next_program(object, program);
        }
    }

    static BpfObject open(Natives natives, String name, byte[] elf) {
        Memory content = Memory.of(natives, elf);
        Memory objectName = Memory.string(natives, name);
        int size = 2 * Long.BYTES;
        Memory options = new Memory(natives, size).putLong(0, size);
        options.putLong(Long.BYTES, objectName.address());
        try (LibbpfLog.Warnings warnings = natives.log.collect()) {
            long object =
                    natives.objects.bpf_object__open_mem(
                            content.address(), content.size(), options.address());
            if (object == 0) {
                throw new BpfException("open", "object " + name, natives.errno(), warnings.first());
            }
            return new BpfObject(natives, name, object);
        } finally {
            content.keep();
            objectName.keep();
            options.keep();
        }
    }

    /** Changes the size of a map before it is made. */
    public BpfObject maxEntries(String map, int entries) {
        natives.check(
                natives.objects.bpf_map__set_max_entries(adjustable(map), entries),
                "set the size of",
                "map " + map);
        return this;
    }

    /** Says what the maps of a map of maps look like, where the object doesn't. */
    public BpfObject inner(String map, BpfMap template) {
        long outer = adjustable(map);
        Fd fd = new Fd(natives, natives.duplicate(template.fd(), template));
        templates.add(fd);
        natives.check(
                natives.objects.bpf_map__set_inner_map_fd(outer, fd.get(this)),
                "set the inner map of",
                "map " + map);
        return this;
    }

    /**
     * Whether a map that there is has the type and the sizes of keys and values that the object
     * would make its own with. To be asked before {@link #reuse}, after which the object takes
     * everything from the other map.
     */
    public boolean hasShape(String map, BpfMap existing) {
        long own = adjustable(map);
        return natives.objects.bpf_map__type(own) == existing.type().number()
                && natives.objects.bpf_map__key_size(own) == existing.keySize()
                && natives.objects.bpf_map__value_size(own) == existing.valueSize();
    }

    /** The same for the capacity. */
    public boolean hasCapacity(String map, BpfMap existing) {
        return natives.objects.bpf_map__max_entries(adjustable(map)) == existing.maxEntries();
    }

    /** Lets the object use a map that there is, instead of making one. */
    public BpfObject reuse(String map, BpfMap existing) {
        natives.check(
                natives.objects.bpf_map__reuse_fd(adjustable(map), existing.fd()),
                "reuse",
                existing + " as map " + map + " of " + this);
        return this;
    }

    /**
     * Changes the initial content of a section, such as {@code .rodata} with its constants.
     *
     * @param edit gets the content in native order; the buffer is only valid during the call
     */
    public BpfObject constants(String section, Consumer<ByteBuffer> edit) {
        ByteBuffer content =
                content(adjustable(section))
                        .orElseThrow(() -> new IllegalArgumentException(section + " has no value"));
        edit.accept(content);
        return this;
    }

    /** A copy of what a section's map holds at first; empty if the map isn't one of a section. */
    public Optional<ByteBuffer> initialValue(String map) {
        requireState(State.OPEN);
        return content(pointer(map))
                .map(c -> ByteBuffer.allocate(c.remaining()).put(c).flip())
                .map(copy -> copy.order(ByteOrder.nativeOrder()));
    }

    /**
     * Makes the maps and has the kernel verify the programs. An object that failed to load can only
     * be closed.
     *
     * @throws BpfException with the verifier's log if a program was rejected
     */
    public void load() {
        requireState(State.OPEN);
        state = State.FAILED;
        try (ProgramLogs logs = new ProgramLogs(natives, programs);
                LibbpfLog.Warnings warnings = natives.log.collect()) {
            int result = natives.objects.bpf_object__load(object);
            if (result < 0) {
                throw logs.rejection(this, -result)
                        .orElseGet(() ->
                                new BpfException("load", toString(), -result, warnings.first()));
            }
        }
        state = State.LOADED;
        templates.forEach(Fd::close);
    }

    /** A handle on a map of a loaded object. */
    public BpfMap map(String map) {
        requireState(State.LOADED);
        int fd =
                natives.check(
                        natives.objects.bpf_map__fd(pointer(map)),
                        "find the descriptor of",
                        "map " + map);
        return BpfMap.own(natives, natives.duplicate(fd, "map " + map), Optional.of(map));
    }

    /** A handle on a program of a loaded object. */
    public BpfProgram program(String program) {
        requireState(State.LOADED);
        Long pointer = programs.get(program);
        if (pointer == null) {
            throw missing("program " + program, programs.keySet());
        }
        int fd =
                natives.check(
                        natives.objects.bpf_program__fd(pointer),
                        "find the descriptor of",
                        "program " + program);
        return BpfProgram.own(
                natives, natives.duplicate(fd, "program " + program), Optional.of(program));
    }

    /** The names of all maps, those of sections such as {@code .rodata} among them. */
    public List<String> mapNames() {
        return List.copyOf(maps.keySet());
    }

    public List<String> programNames() {
        return List.copyOf(programs.keySet());
    }

    @Override
    public void close() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            natives.objects.bpf_object__close(object);
            object = 0;
            templates.forEach(Fd::close);
        }
    }

    @Override
    public String toString() {
        return "object " + name;
    }

    private void requireState(State required) {
        if (state != required) {
            throw new IllegalStateException(
                    switch (state) {
                        case OPEN -> this + " is not loaded";
                        case LOADED -> this + " is loaded already";
                        case FAILED -> this + " failed to load";
                        case CLOSED -> this + " is closed";
                    });
        }
    }

    private long adjustable(String map) {
        requireState(State.OPEN);
        return pointer(map);
    }

    /** libbpf also finds a section's map by the section's name. */
    private long pointer(String map) {
        Long known = maps.get(map);
        if (known != null) {
            return known;
        }
        Memory text = Memory.string(natives, map);
        long found = natives.objects.bpf_object__find_map_by_name(object, text.address());
        text.keep();
        if (found == 0) {
            throw missing("map " + map, maps.keySet());
        }
        maps.put(map, found);
        return found;
    }

    private Optional<ByteBuffer> content(long map) {
        Memory size = new Memory(natives, Long.BYTES);
        long address = natives.objects.bpf_map__initial_value(map, size.address());
        return address == 0
                ? Optional.empty()
                : Optional.of(natives.memory(address, size.getLong(0)));
    }

    private IllegalArgumentException missing(String what, Iterable<String> known) {
        return new IllegalArgumentException(
                this + " has no " + what + ", only " + String.join(", ", known));
    }
}

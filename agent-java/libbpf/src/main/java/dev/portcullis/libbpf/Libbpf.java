// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import dev.portcullis.libbpf.spi.NativeBackend;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * libbpf on this host: opens objects, makes maps, and finds what is pinned or attached.
 *
 * <p>The backend is chosen by the system property {@code portcullis.libbpf}, or else by the
 * environment variable {@code PORTCULLIS_LIBBPF}: {@code panama}, {@code jnr}, or {@code auto},
 * which is Panama where the JDK has it.
 */
public final class Libbpf {
    private static Optional<Libbpf> instance = Optional.empty();

    private final Natives natives;

    private Libbpf(Natives natives) {
        this.natives = natives;
    }

    /**
     * libbpf over the chosen backend; one for the process.
     *
     * @throws dev.portcullis.libbpf.spi.LibbpfUnavailableException if there is none
     */
    public static synchronized Libbpf get() {
        if (instance.isEmpty()) {
            instance = Optional.of(of(BackendSelection.load()));
        }
        return instance.get();
    }

    /** libbpf over a given backend. The newest instance of a process gets libbpf's log lines. */
    public static Libbpf of(NativeBackend backend) {
        Natives natives = new Natives(backend);
        natives.log.install();
        return new Libbpf(natives);
    }

    /** The backend's name: {@code panama} or {@code jnr}. */
    public String backend() {
        return natives.backend().name();
    }

    /** The library's version, such as {@code 1.1}. */
    public String version() {
        String version = natives.string(natives.objects.libbpf_version_string());
        return version.startsWith("v") ? version.substring(1) : version;
    }

    /** How many values an entry of a per-CPU map has. */
    public int possibleCpus() {
        return natives.possibleCpus();
    }

    /** Opens a compiled object, which is not loaded yet. */
    public BpfObject open(String name, byte[] elf) {
        return BpfObject.open(natives, name, elf);
    }

    public BpfMap createMap(MapOptions options) {
        return MapCreation.create(natives, options);
    }

    /** The map that is pinned there; empty if nothing is. */
    public Optional<BpfMap> pinnedMap(Path path) {
        return new Pins(natives)
                .open(path, "map", "bpf-map")
                .map(fd -> BpfMap.own(natives, fd, Optional.empty()));
    }

    /** The program that is pinned there; empty if nothing is. */
    public Optional<BpfProgram> pinnedProgram(Path path) {
        return new Pins(natives)
                .open(path, "program", "bpf-prog")
                .map(fd -> BpfProgram.own(natives, fd, Optional.empty()));
    }

    /** The link that is pinned there; empty if nothing is. */
    public Optional<BpfLink> pinnedLink(Path path) {
        return new Pins(natives).open(path, "link", "bpf-link").map(fd -> BpfLink.own(natives, fd));
    }

    /** The index of an interface of this network namespace; empty if it has none of that name. */
    public OptionalInt interfaceIndex(String name) {
        Memory text = Memory.string(natives, name);
        int index = natives.libc.if_nametoindex(text.address());
        text.keep();
        return index == 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** The XDP program on an interface, by whomever it was attached; empty if there is none. */
    public Optional<XdpAttachment> attachedXdp(int ifindex) {
        return XdpAttachment.query(natives, ifindex);
    }

    /** The filter on an interface's clsact hook; empty if there is none of that handle. */
    public Optional<TcFilter> attachedClsact(
            int ifindex, TcDirection direction, int handle, int priority) {
        return TcFilter.query(natives, ifindex, direction, handle, priority);
    }

    /** Needs CAP_SYS_ADMIN, as everything by id. */
    public ProgramInfo programInfo(int id) {
        int fd =
                natives.check(
                        natives.handles.bpf_prog_get_fd_by_id(id), "open", "program of id " + id);
        try (BpfProgram program = BpfProgram.own(natives, fd, Optional.empty())) {
            return program.info();
        }
    }

    /** Needs CAP_SYS_ADMIN, as everything by id. */
    public BpfMap mapById(int id) {
        int fd = natives.check(natives.handles.bpf_map_get_fd_by_id(id), "open", "map of id " + id);
        return BpfMap.own(natives, fd, Optional.empty());
    }

    Natives natives() {
        return natives;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.file.Path;
import java.util.Optional;

/** A program in the kernel. */
public final class BpfProgram implements AutoCloseable {
    /** BPF_XDP of linux/bpf.h. */
    private static final int ATTACH_XDP = 37;

    private final Natives natives;
    private final Fd fd;
    private final String name;
    private final int id;

    private BpfProgram(Natives natives, Fd fd, Optional<String> name) {
        this.natives = natives;
        this.fd = fd;
        ProgramInfo info =
                ProgramInfo.read(
                        natives,
                        fd.get("program"),
                        name.map(n -> "program " + n).orElse("program"));
        this.name = name.orElse(info.name());
        id = info.id();
    }

    static BpfProgram own(Natives natives, int fd, Optional<String> name) {
        Fd owned = new Fd(natives, fd);
        try {
            return new BpfProgram(natives, owned, name);
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    /** The descriptor, which stays this program's own. */
    public int fd() {
        return fd.get(this);
    }

    public int id() {
        return id;
    }

    /**
     * The name in its object if it was got from one; else what the kernel keeps: 15 bytes of it.
     */
    public String name() {
        return name;
    }

    /** The program as it is now, with what the kernel has counted. */
    public ProgramInfo info() {
        return ProgramInfo.read(natives, fd(), this);
    }

    /** Attaches an XDP program to an interface that has none. Links for XDP need kernel 5.9. */
    public BpfLink attachXdp(int ifindex, XdpMode mode) {
        return attach(ifindex, ATTACH_XDP, mode.flag());
    }

    /** Attaches a tc program behind those that are there already. Needs kernel 6.6. */
    public BpfLink attachTcx(int ifindex, TcDirection direction) {
        return attach(ifindex, direction.attachType(), 0);
    }

    /**
     * Attaches a tc program as a filter, on any kernel, and replaces one of the same handle and
     * priority.
     *
     * @param handle of the filter, not 0
     * @param priority of the filter, 1 to 65535; the lowest runs first
     */
    public TcFilter attachClsact(int ifindex, TcDirection direction, int handle, int priority) {
        return TcFilter.attach(this, ifindex, direction, handle, priority);
    }

    /** Runs the program on a packet, without a network (BPF_PROG_TEST_RUN). */
    public TestRun testRun(TestRunOptions options) {
        return TestRunner.run(this, options);
    }

    /** Pins the program in a bpffs, where it stays until the file is removed. */
    public void pin(Path path) {
        natives.pin(fd, path, this);
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "program " + name;
    }

    Natives natives() {
        return natives;
    }

    private BpfLink attach(int ifindex, int attachType, int flags) {
        int size = 2 * Long.BYTES; // struct bpf_link_create_opts up to its flags
        Memory options = new Memory(natives, size).putLong(0, size).putInt(Long.BYTES, flags);
        int link =
                natives.attachments.bpf_link_create(fd(), ifindex, attachType, options.address());
        options.keep();
        natives.check(link, "attach", this + " to interface " + ifindex);
        return BpfLink.own(natives, link);
    }
}

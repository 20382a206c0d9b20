// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.nio.file.Path;

/**
 * A program's attachment. Closing gives up this handle: the program stays attached as long as the
 * link is pinned, or held by another handle.
 *
 * @see <a href="https://docs.ebpf.io/linux/syscall/BPF_LINK_CREATE/">BPF_LINK_CREATE</a>
 */
public final class BpfLink implements AutoCloseable {
    private final Natives natives;
    private final Fd fd;
    private final int id;

    private BpfLink(Natives natives, Fd fd) {
        this.natives = natives;
        this.fd = fd;
        id = LinkInfo.read(natives, fd.get("link"), "link").id();
    }

    static BpfLink own(Natives natives, int fd) {
        Fd owned = new Fd(natives, fd);
        try {
            return new BpfLink(natives, owned);
        } catch (RuntimeException e) {
            owned.close();
            throw e;
        }
    }

    public int id() {
        return id;
    }

    /** The program and the interface as they are now. */
    public LinkInfo info() {
        return LinkInfo.read(natives, fd.get(this), this);
    }

    /** Lets another program of the same type run in place of the present one, without a gap. */
    public void update(BpfProgram program) {
        natives.check(
                natives.attachments.bpf_link_update(fd.get(this), program.fd(), 0),
                "put " + program + " into",
                this);
    }

    /** Pins the link in a bpffs, where it keeps the program attached. */
    public void pin(Path path) {
        natives.pin(fd, path, this);
    }

    /**
     * Detaches the program for everyone who holds the link; the link remains, and is good for
     * nothing.
     */
    public void detach() {
        natives.check(natives.attachments.bpf_link_detach(fd.get(this)), "detach", this);
    }

    @Override
    public void close() {
        fd.close();
    }

    @Override
    public String toString() {
        return "link " + id;
    }
}

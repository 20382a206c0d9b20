// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.LinkInfo;
import dev.portcullis.libbpf.TcDirection;
import dev.portcullis.libbpf.TcFilter;
import java.util.Optional;

/**
 * The program at an interface's egress: a link (tcx, Linux 6.6 and newer), else a filter of a
 * clsact queueing discipline. Both stay without the agent; a filter needs no pin, and a mark among
 * the pins says that it is there.
 */
final class EgressAttachment {
    /** Known by these among other filters of the interface, and run before those of others. */
    static final int HANDLE = 0x7063;

    static final int PRIORITY = 1;

    private final Pins pins;
    private final int index;
    private final Optional<BpfLink> link;

    private EgressAttachment(Pins pins, int index, Optional<BpfLink> link) {
        this.pins = pins;
        this.index = index;
        this.link = link;
    }

    /**
     * @param clsact whether to use a queueing discipline even where the kernel has tcx
     * @throws BpfException if the kernel takes neither
     */
    static EgressAttachment attach(BpfProgram program, Pins pins, int index, boolean clsact) {
        pins.removeEgress(index);
        if (!clsact) {
            try {
                BpfLink link = program.attachTcx(index, TcDirection.EGRESS);
                return new EgressAttachment(pins, index, Optional.of(pinned(link, pins, index)));
            } catch (BpfException e) {
                // What a kernel says that does not know this type of attachment.
                if (!e.errnoName().equals("EINVAL") && !e.errnoName().equals("EOPNOTSUPP")) {
                    throw e;
                }
            }
        }
        program.attachClsact(index, TcDirection.EGRESS, HANDLE, PRIORITY);
        pins.markFilter(index);
        return new EgressAttachment(pins, index, Optional.empty());
    }

    private static BpfLink pinned(BpfLink link, Pins pins, int index) {
        try {
            link.pin(pins.egressLink(index));
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** What an agent before this one attached, with this agent's program in its place. */
    static Optional<EgressAttachment> adopt(
            Libbpf libbpf, BpfProgram program, Pins pins, int index) {
        if (pins.hasFilterMark(index)) {
            if (filter(libbpf, index).isEmpty()) {
                return Optional.empty();
            }
            program.attachClsact(index, TcDirection.EGRESS, HANDLE, PRIORITY);
            return Optional.of(new EgressAttachment(pins, index, Optional.empty()));
        }
        Optional<BpfLink> link = libbpf.pinnedLink(pins.egressLink(index));
        if (link.isPresent() && link.get().info().ifindex() == index) {
            link.get().update(program);
            return Optional.of(new EgressAttachment(pins, index, link));
        }
        link.ifPresent(BpfLink::close);
        return Optional.empty();
    }

    /** Whether the program is still there, and is this one. */
    boolean runs(Libbpf libbpf, BpfProgram program) {
        if (link.isEmpty()) {
            return filter(libbpf, index)
                    .filter(found -> found.programId() == program.id())
                    .isPresent();
        }
        LinkInfo info = link.get().info();
        return info.ifindex() == index && info.programId() == program.id();
    }

    /** Pins it again if somebody has removed that; returns whether it was so. */
    boolean pinAgain() {
        if (pins.hasEgress(index)) {
            return false;
        }
        link.ifPresentOrElse(
                held -> held.pin(pins.egressLink(index)), () -> pins.markFilter(index));
        return true;
    }

    private static Optional<TcFilter> filter(Libbpf libbpf, int index) {
        return libbpf.attachedClsact(index, TcDirection.EGRESS, HANDLE, PRIORITY);
    }

    /** Takes off whatever an agent attached at an interface; the interface may be gone. */
    static void detach(Libbpf libbpf, Pins pins, int index) {
        if (pins.hasFilterMark(index)) {
            detachFilter(libbpf, index);
        } else {
            libbpf.pinnedLink(pins.egressLink(index))
                    .ifPresent(link -> {
                        try (link) {
                            link.detach();
                        }
                    });
        }
        pins.removeEgress(index);
    }

    private static void detachFilter(Libbpf libbpf, int index) {
        try {
            filter(libbpf, index).ifPresent(TcFilter::detach);
        } catch (BpfException e) {
            if (!e.errnoName().equals("ENODEV")) {
                throw e;
            }
        }
    }

    /** Of an interface that is gone. */
    void release() {
        close();
        pins.removeEgress(index);
    }

    void close() {
        link.ifPresent(BpfLink::close);
    }
}

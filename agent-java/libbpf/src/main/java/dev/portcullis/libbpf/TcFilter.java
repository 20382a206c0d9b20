// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.Optional;

/**
 * A program as a filter of a clsact queueing discipline, in direct-action mode. It stays until it
 * is detached: there is no handle to close. Known by interface, direction, handle and priority.
 */
public final class TcFilter {
    private static final int HOOK_SIZE = 24;
    private static final int OPTIONS_SIZE = 32;
    private static final int BPF_TC_F_REPLACE = 1;

    private final Natives natives;
    private final int ifindex;
    private final TcDirection direction;
    private final int handle;
    private final int priority;
    private final int programId;

    private TcFilter(
            Natives natives,
            int ifindex,
            TcDirection direction,
            int handle,
            int priority,
            int programId) {
        this.natives = natives;
        this.ifindex = ifindex;
        this.direction = direction;
        this.handle = handle;
        this.priority = priority;
        this.programId = programId;
    }

    static TcFilter attach(
            BpfProgram program, int ifindex, TcDirection direction, int handle, int priority) {
        Natives natives = program.natives();
        TcFilter filter = new TcFilter(natives, ifindex, direction, handle, priority, program.id());
        filter.createHook();
        Memory options = filter.options(program.fd(), BPF_TC_F_REPLACE);
        Memory hook = filter.hook();
        try (LibbpfLog.Warnings warnings = natives.log.collect()) {
            int result = natives.attachments.bpf_tc_attach(hook.address(), options.address());
            filter.check(result, "attach", warnings);
        }
        hook.keep();
        options.keep();
        return filter;
    }

    static Optional<TcFilter> query(
            Natives natives, int ifindex, TcDirection direction, int handle, int priority) {
        TcFilter key = new TcFilter(natives, ifindex, direction, handle, priority, 0);
        Memory options = key.options(0, 0);
        Memory hook = key.hook();
        int result;
        try (LibbpfLog.Warnings warnings = natives.log.collectQuietly()) {
            result = natives.attachments.bpf_tc_query(hook.address(), options.address());
            hook.keep();
            // An interface without clsact answers as if the question were wrong.
            if (result == -Errno.ENOENT.number() || result == -Errno.EINVAL.number()) {
                return Optional.empty();
            }
            key.check(result, "query", warnings);
        }
        int program = options.getInt(16);
        options.keep();
        return Optional.of(new TcFilter(natives, ifindex, direction, handle, priority, program));
    }

    public int ifindex() {
        return ifindex;
    }

    public TcDirection direction() {
        return direction;
    }

    public int handle() {
        return handle;
    }

    public int priority() {
        return priority;
    }

    /** The program that was attached, or found, when this was made. */
    public int programId() {
        return programId;
    }

    /** Removes the filter. The queueing discipline stays: others may have filters on it. */
    public void detach() {
        Memory options = options(0, 0);
        Memory hook = hook();
        try (LibbpfLog.Warnings warnings = natives.log.collect()) {
            int result = natives.attachments.bpf_tc_detach(hook.address(), options.address());
            check(result, "detach", warnings);
        }
        hook.keep();
        options.keep();
    }

    @Override
    public String toString() {
        return "tc "
                + (direction == TcDirection.INGRESS ? "ingress" : "egress")
                + " filter "
                + handle
                + " of priority "
                + priority
                + " on interface "
                + ifindex;
    }

    /** Makes the queueing discipline unless there is one, which libbpf warns of. */
    private void createHook() {
        Memory hook = hook();
        try (LibbpfLog.Warnings warnings = natives.log.collectQuietly()) {
            int result = natives.attachments.bpf_tc_hook_create(hook.address());
            if (result != -Errno.EEXIST.number()) {
                check(result, "create the hook of", warnings);
            }
        }
        hook.keep();
    }

    private void check(int result, String operation, LibbpfLog.Warnings warnings) {
        if (result < 0) {
            throw new BpfException(operation, toString(), -result, warnings.first());
        }
    }

    /** struct bpf_tc_hook. */
    private Memory hook() {
        return new Memory(natives, HOOK_SIZE)
                .putLong(0, HOOK_SIZE)
                .putInt(8, ifindex)
                .putInt(12, direction.attachPoint());
    }

    /** struct bpf_tc_opts. */
    private Memory options(int programFd, int flags) {
        return new Memory(natives, OPTIONS_SIZE)
                .putLong(0, OPTIONS_SIZE)
                .putInt(8, programFd)
                .putInt(12, flags)
                .putInt(20, handle)
                .putInt(24, priority);
    }
}

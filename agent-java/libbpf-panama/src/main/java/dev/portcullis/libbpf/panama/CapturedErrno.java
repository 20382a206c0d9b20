// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/** Where each thread's calls leave errno, before the JVM can change it. */
final class CapturedErrno {
    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(LAYOUT));

    private CapturedErrno() {}

    static MemorySegment state() {
        return STATE.get();
    }

    static int get() {
        return (int) ERRNO.get(STATE.get(), 0L);
    }
}

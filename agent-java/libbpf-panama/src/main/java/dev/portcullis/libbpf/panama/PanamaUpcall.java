// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import dev.portcullis.libbpf.spi.Upcall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** A function pointer in an arena of its own. */
final class PanamaUpcall implements Upcall {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment function;

    /** Binds the only method of {@code type}, called {@code method}, to {@code receiver}. */
    @SuppressWarnings("restricted") // The signature is the one that libbpf calls.
    <T> PanamaUpcall(Class<T> type, String method, T receiver, FunctionDescriptor signature) {
        try {
            MethodHandle target =
                    MethodHandles.publicLookup()
                            .findVirtual(type, method, signature.toMethodType())
                            .bindTo(receiver);
            function = Linker.nativeLinker().upcallStub(target, signature, arena);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + "." + method, e);
        }
    }

    @Override
    public long address() {
        return function.address();
    }

    @Override
    public void close() {
        arena.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Finds C functions. */
@SuppressWarnings("restricted") // The signatures here are what makes native calls safe.
final class Linking {
    /** For functions that report through errno; their handles take {@link CapturedErrno#state}. */
    static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();

    private Linking() {}

    /** Loads libbpf for good, before anything asks for its functions. */
    static void requireLibbpf() {
        try {
            SymbolLookup _ = library();
        } catch (IllegalArgumentException e) {
            throw LibbpfUnavailableException.missingLibrary(e);
        }
    }

    private static SymbolLookup library() {
        return SymbolLookup.libraryLookup("libbpf.so.1", Arena.global());
    }

    static MethodHandle libbpf(
            String name, FunctionDescriptor signature, Linker.Option... options) {
        return link(library(), name, signature, options);
    }

    static MethodHandle libc(String name, FunctionDescriptor signature, Linker.Option... options) {
        return link(LIBC, name, signature, options);
    }

    private static MethodHandle link(
            SymbolLookup library,
            String name,
            FunctionDescriptor signature,
            Linker.Option... options) {
        return LINKER.downcallHandle(
                library.find(name)
                        .orElseThrow(() ->
                                new LibbpfUnavailableException(
                                        name
                                                + " isn't in the library: libbpf 1.1 or"
                                                + " newer is needed")),
                signature,
                options);
    }

    /** A native function throws nothing; what is thrown here is a defect of the signatures. */
    static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("native call failed", e);
    }
}

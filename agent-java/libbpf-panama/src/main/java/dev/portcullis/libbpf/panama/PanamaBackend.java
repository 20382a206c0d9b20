// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.panama;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.portcullis.libbpf.spi.AttachFunctions;
import dev.portcullis.libbpf.spi.HandleFunctions;
import dev.portcullis.libbpf.spi.LibcFunctions;
import dev.portcullis.libbpf.spi.MapFunctions;
import dev.portcullis.libbpf.spi.NativeBackend;
import dev.portcullis.libbpf.spi.ObjectFunctions;
import dev.portcullis.libbpf.spi.PrintFunction;
import dev.portcullis.libbpf.spi.RingBufferFunctions;
import dev.portcullis.libbpf.spi.SampleFunction;
import dev.portcullis.libbpf.spi.Upcall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** libbpf through java.lang.foreign. */
public final class PanamaBackend implements NativeBackend {
    private final ObjectFunctions objects;
    private final MapFunctions maps;
    private final HandleFunctions handles;
    private final AttachFunctions attachments;
    private final RingBufferFunctions ringBuffers;
    private final LibcFunctions libc;

    public PanamaBackend() {
        Linking.requireLibbpf();
        objects = new PanamaObjectFunctions();
        maps = new PanamaMapFunctions();
        handles = new PanamaHandleFunctions();
        attachments = new PanamaAttachFunctions();
        ringBuffers = new PanamaRingBufferFunctions();
        libc = new PanamaLibcFunctions();
    }

    @Override
    public String name() {
        return "panama";
    }

    @Override
    public ObjectFunctions objects() {
        return objects;
    }

    @Override
    public MapFunctions maps() {
        return maps;
    }

    @Override
    public HandleFunctions handles() {
        return handles;
    }

    @Override
    public AttachFunctions attachments() {
        return attachments;
    }

    @Override
    public RingBufferFunctions ringBuffers() {
        return ringBuffers;
    }

    @Override
    public LibcFunctions libc() {
        return libc;
    }

    @Override
    public int errno() {
        return CapturedErrno.get();
    }

    @Override
    public long address(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }

    @Override
    @SuppressWarnings("restricted") // The caller keeps the memory valid.
    public ByteBuffer memory(long address, long size) {
        return MemorySegment.ofAddress(address)
                .reinterpret(size)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public Upcall sampleUpcall(SampleFunction function) {
        FunctionDescriptor signature =
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        return new PanamaUpcall(SampleFunction.class, "sample", function, signature);
    }

    @Override
    public Upcall printUpcall(PrintFunction function) {
        FunctionDescriptor signature =
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
        return new PanamaUpcall(PrintFunction.class, "print", function, signature);
    }
}

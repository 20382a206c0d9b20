// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf.jnr;

import com.kenai.jffi.MemoryIO;
import dev.portcullis.libbpf.spi.AttachFunctions;
import dev.portcullis.libbpf.spi.HandleFunctions;
import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import dev.portcullis.libbpf.spi.LibcFunctions;
import dev.portcullis.libbpf.spi.MapFunctions;
import dev.portcullis.libbpf.spi.NativeBackend;
import dev.portcullis.libbpf.spi.ObjectFunctions;
import dev.portcullis.libbpf.spi.PrintFunction;
import dev.portcullis.libbpf.spi.RingBufferFunctions;
import dev.portcullis.libbpf.spi.SampleFunction;
import dev.portcullis.libbpf.spi.Upcall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/** libbpf through jnr-ffi, which implements the function interfaces by itself. */
public final class JnrBackend implements NativeBackend {
    private final ObjectFunctions objects;
    private final MapFunctions maps;
    private final HandleFunctions handles;
    private final AttachFunctions attachments;
    private final RingBufferFunctions ringBuffers;
    private final LibcFunctions libc;
    private final Runtime runtime = Runtime.getSystemRuntime();

    public JnrBackend() {
        try {
            objects = load(ObjectFunctions.class, "libbpf.so.1");
            maps = load(JnrMapFunctions.class, "libbpf.so.1");
            handles = load(HandleFunctions.class, "libbpf.so.1");
            attachments = load(AttachFunctions.class, "libbpf.so.1");
            ringBuffers = load(RingBufferFunctions.class, "libbpf.so.1");
            libc = load(JnrLibcFunctions.class, "libc.so.6");
        } catch (UnsatisfiedLinkError e) {
            throw LibbpfUnavailableException.missingLibrary(e);
        }
    }

    private static <T> T load(Class<T> functions, String library) {
        return LibraryLoader.create(functions).failImmediately().load(library);
    }

    @Override
    public String name() {
        return "jnr";
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
        return LastError.getLastError(runtime);
    }

    @Override
    public long address(ByteBuffer direct) {
        return MemoryIO.getInstance().getDirectBufferAddress(direct) + direct.position();
    }

    @Override
    public ByteBuffer memory(long address, long size) {
        return MemoryIO.getInstance()
                .newDirectByteBuffer(address, Math.toIntExact(size))
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public Upcall sampleUpcall(SampleFunction function) {
        return new JnrUpcall<>(runtime, SampleClosure.class, function::sample);
    }

    @Override
    public Upcall printUpcall(PrintFunction function) {
        return new JnrUpcall<>(runtime, PrintClosure.class, function::print);
    }
}

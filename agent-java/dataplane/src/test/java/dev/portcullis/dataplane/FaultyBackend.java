// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

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
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

/**
 * A real backend, of which one call fails as if the kernel had no memory: the one that so many
 * calls come before.
 */
final class FaultyBackend implements NativeBackend {
    private static final int ENOMEM = 12;

    private final NativeBackend real = real();
    private final MapFunctions maps = faulty(MapFunctions.class, real.maps());
    private final HandleFunctions handles = faulty(HandleFunctions.class, real.handles());
    private final AttachFunctions attachments = faulty(AttachFunctions.class, real.attachments());

    private int before = -1;
    private String failed = "";

    private static NativeBackend real() {
        try {
            return Class.forName("dev.portcullis.libbpf.jnr.JnrBackend")
                    .asSubclass(NativeBackend.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private <T> T faulty(Class<T> type, T functions) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> call(functions, method, arguments)));
    }

    private Object call(Object functions, Method method, Object[] arguments) throws Throwable {
        if (before >= 0 && before-- == 0) {
            failed = method.getName();
            return -ENOMEM;
        }
        try {
            return method.invoke(functions, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The call that comes after so many others fails. */
    void failAfter(int calls) {
        before = calls;
        failed = "";
    }

    /** Lets all calls through; returns the name of the one that failed, empty if none did. */
    String stop() {
        before = -1;
        return failed;
    }

    @Override
    public String name() {
        return real.name();
    }

    @Override
    public ObjectFunctions objects() {
        return real.objects();
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
        return real.ringBuffers();
    }

    @Override
    public LibcFunctions libc() {
        return real.libc();
    }

    @Override
    public int errno() {
        return real.errno();
    }

    @Override
    public long address(ByteBuffer direct) {
        return real.address(direct);
    }

    @Override
    public ByteBuffer memory(long address, long size) {
        return real.memory(address, size);
    }

    @Override
    public Upcall sampleUpcall(SampleFunction function) {
        return real.sampleUpcall(function);
    }

    @Override
    public Upcall printUpcall(PrintFunction function) {
        return real.printUpcall(function);
    }
}

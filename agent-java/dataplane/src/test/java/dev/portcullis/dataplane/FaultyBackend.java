// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.spi.AttachFunctions;
import dev.portcullis.libbpf.spi.HandleFunctions;
import dev.portcullis.libbpf.spi.MapFunctions;
import dev.portcullis.libbpf.spi.NativeBackend;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * A real backend, of which one call fails as if the kernel had no memory: the one that so many
 * calls come before.
 */
final class FaultyBackend {
    private static final int ENOMEM = 12;

    private final NativeBackend real = real();
    private final Map<String, Object> faulty =
            Map.of(
                    "maps", faulty(MapFunctions.class, real.maps()),
                    "handles", faulty(HandleFunctions.class, real.handles()),
                    "attachments", faulty(AttachFunctions.class, real.attachments()));

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

    /** For libbpf to be called through. */
    NativeBackend backend() {
        return proxy(
                NativeBackend.class,
                (proxy, method, arguments) ->
                        faulty.containsKey(method.getName())
                                ? faulty.get(method.getName())
                                : invoke(real, method, arguments));
    }

    private <T> T faulty(Class<T> type, T functions) {
        return proxy(type, (proxy, method, arguments) -> call(functions, method, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private Object call(Object functions, Method method, Object[] arguments) throws Throwable {
        if (before >= 0 && before-- == 0) {
            failed = method.getName();
            return -ENOMEM;
        }
        return invoke(functions, method, arguments);
    }

    private static Object invoke(Object target, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
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
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import dev.portcullis.libbpf.spi.LibbpfUnavailableException;
import dev.portcullis.libbpf.spi.NativeBackend;
import java.lang.reflect.InvocationTargetException;
import java.util.function.Predicate;

/**
 * Chooses a backend. Their classes are named here only, as strings, because a JDK that is too old
 * for {@code java.lang.foreign} can't even load one of them.
 */
final class BackendSelection {
    static final String PANAMA = "dev.portcullis.libbpf.panama.PanamaBackend";
    static final String JNR = "dev.portcullis.libbpf.jnr.JnrBackend";

    /** The first with java.lang.foreign as a final API (JEP 454). */
    private static final int FIRST_PANAMA_JDK = 22;

    private BackendSelection() {}

    /** What the operator asked for: a system property, else the environment, else {@code auto}. */
    static String setting() {
        String environment = System.getenv().getOrDefault("PORTCULLIS_LIBBPF", "auto");
        return System.getProperty("portcullis.libbpf", environment);
    }

    /**
     * @param jdk the running JDK's feature version
     * @param present whether a class is on the class path
     * @return the name of the backend's class
     */
    static String choose(String setting, int jdk, Predicate<String> present) {
        return switch (setting) {
            case "panama" -> requirePanama(jdk, present);
            case "jnr" -> requireJnr(present);
            case "auto" ->
                    jdk >= FIRST_PANAMA_JDK && present.test(PANAMA) ? PANAMA : requireJnr(present);
            default ->
                    throw new LibbpfUnavailableException(
                            "portcullis.libbpf is \""
                                    + setting
                                    + "\": it has to be auto, panama or jnr");
        };
    }

    private static String requirePanama(int jdk, Predicate<String> present) {
        if (jdk < FIRST_PANAMA_JDK) {
            throw new LibbpfUnavailableException(
                    "the panama backend needs JDK 22 or newer, and this is "
                            + jdk
                            + ": set portcullis.libbpf to jnr or auto");
        }
        return require("panama", PANAMA, present);
    }

    private static String requireJnr(Predicate<String> present) {
        return require("jnr", JNR, present);
    }

    private static String require(String name, String backend, Predicate<String> present) {
        if (!present.test(backend)) {
            throw new LibbpfUnavailableException(
                    "the " + name + " backend is not on the class path: add libbpf-" + name);
        }
        return backend;
    }

    static NativeBackend load() {
        return instantiate(
                choose(setting(), Runtime.version().feature(), BackendSelection::isPresent));
    }

    private static boolean isPresent(String backend) {
        String file = backend.replace('.', '/') + ".class";
        return BackendSelection.class.getClassLoader().getResource(file) != null;
    }

    private static NativeBackend instantiate(String backend) {
        try {
            return Class.forName(backend)
                    .asSubclass(NativeBackend.class)
                    .getConstructor()
                    .newInstance();
        } catch (InvocationTargetException e) {
            throw unavailable(backend, e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw unavailable(backend, e);
        }
    }

    /** A backend's own sentence, which may be the cause of a class's failed initialization. */
    private static LibbpfUnavailableException unavailable(String backend, Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof LibbpfUnavailableException unavailable) {
                return unavailable;
            }
        }
        return new LibbpfUnavailableException(backend + " can't be used: " + failure, failure);
    }
}

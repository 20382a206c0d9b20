// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import dev.portcullis.libbpf.spi.Upcall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Passes libbpf's log lines on to SLF4J, and lets a caller see the warnings of its own call: they
 * say what an error number alone doesn't.
 */
final class LibbpfLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.portcullis.libbpf.log");
    private static final int LINE_SIZE = 1 << 16;

    /** libbpf keeps the function for as long as the process lives. */
    private static final List<Upcall> INSTALLED = new CopyOnWriteArrayList<>();

    /**
     * Of any instance: libbpf calls the function that was installed last, whoever called libbpf.
     */
    private static final ThreadLocal<Optional<Warnings>> LISTENER =
            ThreadLocal.withInitial(Optional::empty);

    private final Natives natives;
    private final ThreadLocal<Memory> buffer;

    LibbpfLog(Natives natives) {
        this.natives = natives;
        buffer = ThreadLocal.withInitial(() -> new Memory(natives, LINE_SIZE));
    }

    void install() {
        Upcall upcall = natives.backend().printUpcall(this::print);
        INSTALLED.add(upcall);
        natives.objects.libbpf_set_print(upcall.address());
    }

    /** Collects the warnings of this thread, which are logged as well. */
    Warnings collect() {
        return new Warnings(false);
    }

    /** Collects the warnings of this thread instead of logging them: a failure is expected. */
    Warnings collectQuietly() {
        return new Warnings(true);
    }

    /** Called by libbpf, on the thread that called libbpf. */
    private int print(int number, long format, long arguments) {
        try {
            Level level = level(number);
            Optional<Warnings> warnings = level == Level.WARN ? LISTENER.get() : Optional.empty();
            if (warnings.isPresent() || LOG.isEnabledForLevel(level)) {
                String line = line(format, arguments);
                warnings.ifPresent(w -> w.lines.add(line));
                if (warnings.isEmpty() || !warnings.get().quiet) {
                    LOG.atLevel(level).log(line);
                }
            }
        } catch (Throwable e) { // An exception must not unwind into libbpf.
            return -1;
        }
        return 0;
    }

    private String line(long format, long arguments) {
        Memory memory = buffer.get();
        int length = natives.libc.vsnprintf(memory.address(), memory.size(), format, arguments);
        return memory.getString(0, Math.max(0, Math.min(length, LINE_SIZE - 1))).stripTrailing();
    }

    private static Level level(int number) {
        return switch (number) {
            case 0 -> Level.WARN;
            case 1 -> Level.INFO;
            default -> Level.DEBUG;
        };
    }

    /** The warnings that libbpf gives on this thread until this is closed. */
    static final class Warnings implements AutoCloseable {
        private final boolean quiet;
        private final List<String> lines = new ArrayList<>();

        private Warnings(boolean quiet) {
            this.quiet = quiet;
            LISTENER.set(Optional.of(this));
        }

        /** The first one, without libbpf's own prefix: later ones follow from it. */
        String first() {
            return lines.isEmpty() ? "" : lines.get(0).replaceFirst("^libbpf: ", "");
        }

        @Override
        public void close() {
            LISTENER.remove();
        }
    }
}

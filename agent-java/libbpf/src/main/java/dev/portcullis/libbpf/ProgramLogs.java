// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.libbpf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A log of the verifier for each program that is being loaded. libbpf asks for a log only when a
 * program was rejected and it tries again, so the one that isn't empty tells which program it was.
 * The memory is large, because before kernel 6.4 a log that doesn't fit loses its end, where the
 * reason is; but it takes no room until it is written.
 */
final class ProgramLogs implements AutoCloseable {
    private static final int SIZE = 1 << 24;

    private final Natives natives;
    private final Map<String, Long> buffers = new LinkedHashMap<>();

    ProgramLogs(Natives natives, Map<String, Long> programs) {
        this.natives = natives;
        programs.forEach(this::add);
    }

    private void add(String name, long program) {
        long buffer = natives.libc.malloc(SIZE);
        if (buffer == 0) {
            return; // libbpf then logs the program's log instead.
        }
        buffers.put(name, buffer);
        natives.memory(buffer, 1).put(0, (byte) 0);
        natives.check(
                natives.objects.bpf_program__set_log_buf(program, buffer, SIZE),
                "set the log of",
                "program " + name);
    }

    /** What to throw if the verifier rejected a program. */
    Optional<BpfException> rejection(BpfObject object, int errno) {
        for (Map.Entry<String, Long> entry : buffers.entrySet()) {
            String log = natives.string(entry.getValue());
            if (!log.isEmpty()) {
                String program = "program " + entry.getKey() + " of " + object;
                return Optional.of(BpfException.rejected(program, errno, log));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        buffers.values().forEach(natives.libc::free);
        buffers.clear();
    }
}

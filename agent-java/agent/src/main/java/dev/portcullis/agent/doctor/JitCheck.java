// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;

/**
 * Whether the kernel compiles BPF programs. The setting is only there in the host's first network
 * namespace, and some kernels show it to root alone; a program that was loaded tells as well.
 */
final class JitCheck implements Check {
    private static final String SETTING = "/proc/sys/net/core/bpf_jit_enable";
    private static final String TURN_ON =
            "\"sysctl -w net.core.bpf_jit_enable=1\", and write that to a file in /etc/sysctl.d";

    private final Host host;
    private final Optional<Boolean> compiled;

    /**
     * @param compiled whether a program that was loaded just now was compiled
     */
    JitCheck(Host host, Optional<Boolean> compiled) {
        this.host = host;
        this.compiled = compiled;
    }

    @Override
    public Subject subject() {
        return Subject.KERNEL;
    }

    @Override
    public String name() {
        return "jit";
    }

    @Override
    public List<Finding> findings() throws IOException {
        try {
            return List.of(host.text(SETTING).map(this::ofSetting).orElseGet(this::ofProgram));
        } catch (AccessDeniedException e) {
            return List.of(ofProgram());
        }
    }

    private Finding ofSetting(String value) {
        return switch (value) {
            case "1" ->
                    subject().ok(name(), "programs are compiled (net.core.bpf_jit_enable is 1)");
            case "2" ->
                    subject()
                            .warning(
                                    name(),
                                    "programs are compiled, and the code of each is written to the"
                                            + " kernel's log (net.core.bpf_jit_enable is 2)",
                                    TURN_ON);
            default -> interpreted("net.core.bpf_jit_enable is " + value);
        };
    }

    private Finding ofProgram() {
        if (compiled.isEmpty()) {
            return subject()
                    .unknown(
                            name(),
                            SETTING + " is not shown here",
                            "ask as root, outside of containers: sudo portcullis doctor");
        }
        return compiled.get()
                ? subject().ok(name(), "programs are compiled, as one that was loaded shows")
                : interpreted("as one that was loaded shows");
    }

    private Finding interpreted(String why) {
        return subject()
                .warning(
                        name(),
                        "programs are interpreted, which is several times slower (" + why + ")",
                        TURN_ON);
    }
}

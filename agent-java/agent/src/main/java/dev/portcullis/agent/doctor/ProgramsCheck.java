// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.libbpf.BpfException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Whether the kernel takes the agent's programs from this process. */
final class ProgramsCheck implements Check {
    private final Trial trial;
    private final CapabilitiesCheck capabilities;

    /**
     * @param capabilities those that it takes
     */
    ProgramsCheck(Trial trial, CapabilitiesCheck capabilities) {
        this.trial = trial;
        this.capabilities = capabilities;
    }

    @Override
    public Subject subject() {
        return Subject.RIGHTS;
    }

    @Override
    public String name() {
        return "programs";
    }

    @Override
    public List<Finding> findings() throws IOException {
        if (trial.loaded().isPresent()) {
            return List.of(
                    subject()
                            .ok(
                                    name(),
                                    "the kernel takes them (loaded, not attached, and let go)"));
        }
        Optional<BpfException> refusal = trial.refusal();
        return List.of(
                refusal.isPresent()
                        ? refused(refusal.get())
                        : subject()
                                .unknown(
                                        name(),
                                        "they can't be loaded without libbpf",
                                        "see \"libbpf\" above, and ask again"));
    }

    private Finding refused(BpfException refusal) throws IOException {
        String found = "the kernel does not take them: " + refusal.getMessage();
        boolean permission = refusal.errnoName().matches("EPERM|EACCES");
        if (permission && !capabilities.holdsAll()) {
            return subject().hidden(name(), "this process may not load any");
        }
        return subject()
                .failed(
                        name(),
                        found,
                        switch (refusal.errnoName()) {
                            case "EPERM", "EACCES" ->
                                    "let it use bpf(2): it has the capabilities, so a filter of system"
                                            + " calls, a user namespace or the kernel's lockdown is in the"
                                            + " way";
                            case "ENOMEM" -> "give the host, or the control group, more memory";
                            default ->
                                    "boot a kernel of 6.1 or newer that a distribution built, with"
                                            + " CONFIG_BPF_SYSCALL";
                        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** The kernel's version, and whether it was built with descriptions of its types (BTF). */
final class KernelCheck implements Check {
    private static final String BTF = "/sys/kernel/btf/vmlinux";

    private final Host host;

    KernelCheck(Host host) {
        this.host = host;
    }

    @Override
    public Subject subject() {
        return Subject.KERNEL;
    }

    @Override
    public String name() {
        return "version";
    }

    @Override
    public List<Finding> findings() throws IOException {
        return List.of(version(KernelRelease.of(host)), btf());
    }

    private Finding version(Optional<KernelRelease> release) {
        if (release.isEmpty()) {
            return subject()
                    .unknown(
                            "version",
                            "/proc/sys/kernel/osrelease tells no version",
                            "see that \"uname -r\" tells 6.1 or newer");
        }
        String text = "Linux " + release.get().text();
        return release.get().isAtLeast(6, 1)
                ? subject().ok("version", text)
                : subject()
                        .failed(
                                "version",
                                text + " is older than 6.1",
                                "boot a kernel of 6.1 or newer, such as that of Debian 12");
    }

    private Finding btf() {
        return Files.exists(host.file(BTF))
                ? subject().ok("btf", BTF)
                : subject()
                        .warning(
                                "btf",
                                BTF
                                        + " is not there: the kernel was built without"
                                        + " CONFIG_DEBUG_INFO_BTF, and may refuse programs, which"
                                        + " \"programs\" below tells",
                                "boot the kernel of a distribution, which has it");
    }
}

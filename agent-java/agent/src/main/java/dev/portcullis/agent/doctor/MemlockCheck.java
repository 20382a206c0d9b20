// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process may lock, which is what older kernels counted maps against. */
final class MemlockCheck implements Check {
    private static final Pattern LIMIT = Pattern.compile("(?m)^Max locked memory +(\\w+)");
    private static final String UNLIMITED = "unlimited";

    private final Host host;

    MemlockCheck(Host host) {
        this.host = host;
    }

    @Override
    public Subject subject() {
        return Subject.KERNEL;
    }

    @Override
    public String name() {
        return "memlock";
    }

    @Override
    public List<Finding> findings() throws IOException {
        Matcher limit = LIMIT.matcher(host.text("/proc/self/limits").orElse(""));
        Optional<KernelRelease> release = KernelRelease.of(host);
        if (!limit.find() || release.isEmpty()) {
            return List.of(
                    subject()
                            .unknown(
                                    name(),
                                    "/proc/self/limits tells no limit of locked memory",
                                    "see \"ulimit -l\", which matters before Linux 5.11 only"));
        }
        return List.of(judge(limit.group(1), release.get()));
    }

    private Finding judge(String limit, KernelRelease release) {
        String found = limit.equals(UNLIMITED) ? UNLIMITED : limit + " bytes";
        if (release.isAtLeast(5, 11)) {
            return subject()
                    .ok(name(), found + ", which Linux 5.11 and newer do not count maps against");
        }
        return limit.equals(UNLIMITED)
                ? subject().ok(name(), found)
                : subject()
                        .warning(
                                name(),
                                found + ", and this kernel counts the memory of maps against it",
                                "start the agent through the unit, which has LimitMEMLOCK=infinity");
    }
}

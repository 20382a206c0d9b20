// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.dataplane.OnlineCpus;
import dev.portcullis.dataplane.SeenInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What /sys tells of an interface. It shows the interfaces of the network namespace in which it was
 * mounted, which need not be this one, so one of the same name may be another.
 */
final class NetworkFiles {
    private final Host host;

    NetworkFiles(Host host) {
        this.host = host;
    }

    /** Whether /sys shows this interface, and not another of its name. */
    boolean show(SeenInterface one) throws IOException {
        return host.text("/sys/class/net/" + one.name() + "/ifindex")
                .filter(index -> index.equals(Integer.toString(one.index())))
                .isPresent();
    }

    /** The driver of hardware; empty for what the kernel itself makes. */
    Optional<String> driver(SeenInterface one) throws IOException {
        Path driver = host.file("/sys/class/net/" + one.name() + "/device/driver");
        return show(one) && Files.isSymbolicLink(driver)
                ? Optional.of(Files.readSymbolicLink(driver).getFileName().toString())
                : Optional.empty();
    }

    /**
     * How many queues there are.
     *
     * @param direction {@code rx} or {@code tx}
     */
    int queues(SeenInterface one, String direction) throws IOException {
        Path queues = host.file("/sys/class/net/" + one.name() + "/queues");
        try (Stream<Path> files = Files.list(queues)) {
            return (int)
                    files.filter(file -> file.getFileName().toString().startsWith(direction + "-"))
                            .count();
        }
    }

    /** How many CPUs run. */
    int cpus() throws IOException {
        return host.text("/sys/devices/system/cpu/online").map(OnlineCpus::count).orElse(1);
    }
}

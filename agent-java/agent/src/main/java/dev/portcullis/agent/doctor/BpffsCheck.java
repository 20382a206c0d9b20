// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The directory of pins: it has to be on a bpffs, and the agent's. */
final class BpffsCheck implements Check {
    static final Path STANDARD = Path.of("/sys/fs/bpf/portcullis");

    private final Host host;
    private final Path directory;

    BpffsCheck(Host host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    @Override
    public Subject subject() {
        return Subject.DIRECTORIES;
    }

    @Override
    public String name() {
        return "bpffs";
    }

    @Override
    public List<Finding> findings() throws IOException {
        Optional<String> type = MountTable.of(host).type(directory);
        if (type.isPresent() && !type.get().equals("bpf")) {
            return List.of(
                    subject()
                            .failed(
                                    name(),
                                    directory + " is not on a bpffs, but on " + type.get(),
                                    "\"mount -t bpf bpf /sys/fs/bpf\", or set \"bpffs\" to a"
                                            + " directory on one"));
        }
        return List.of(ownership());
    }

    private Finding ownership() throws IOException {
        try {
            return Ownership.of(directory).judge(subject(), name(), host.agentUser());
        } catch (NoSuchFileException e) {
            return subject().warning(name(), directory + " is not there", remedy());
        } catch (AccessDeniedException e) {
            return subject().hidden(name(), "only root may look into " + directory.getParent());
        }
    }

    private String remedy() {
        return directory.equals(STANDARD)
                ? "\"systemd-tmpfiles --create portcullis.conf\", which each boot does, too; an agent"
                        + " that root starts makes it"
                : "make it after each boot, as systemd/portcullis.tmpfiles does for the usual one; an"
                        + " agent that root starts makes it";
    }
}

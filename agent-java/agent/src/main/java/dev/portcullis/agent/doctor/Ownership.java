// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whose a directory of the agent is, and who else may use it. */
final class Ownership {
    private static final Set<PosixFilePermission> ALL_OF_THE_OWNER =
            PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final String owner;
    private final Set<PosixFilePermission> rights;

    private Ownership(Path directory, String owner, Set<PosixFilePermission> rights) {
        this.directory = directory;
        this.owner = owner;
        this.rights = rights;
    }

    static Ownership of(Path directory) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
        return new Ownership(directory, attributes.owner().getName(), attributes.permissions());
    }

    /**
     * Whether it is the agent's and nobody else's.
     *
     * @param agentUser the user that the unit runs the agent as, if the host has it
     */
    Finding judge(Subject subject, String check, Optional<String> agentUser) {
        boolean others = !ALL_OF_THE_OWNER.containsAll(rights);
        boolean unusable = !rights.containsAll(ALL_OF_THE_OWNER);
        boolean foreign = agentUser.filter(user -> !user.equals(owner)).isPresent();
        List<String> found = new ArrayList<>(List.of(this + " is " + owner + "'s"));
        List<String> commands = new ArrayList<>();
        if (foreign) {
            found.add("and the unit runs the agent as " + agentUser.get());
            commands.add("chown -R " + agentUser.get() + ": " + directory);
        }
        if (unusable) {
            found.add("who may not use all of it");
        }
        if (others) {
            found.add("and others may look in");
        }
        if (others || unusable) {
            commands.add("chmod 0700 " + directory);
        }
        String sentence = String.join(", ", found);
        String remedy = "\"" + String.join(" && ", commands) + "\"";
        if (unusable) {
            return subject.failed(check, sentence, remedy);
        }
        return commands.isEmpty()
                ? subject.ok(check, sentence)
                : subject.warning(check, sentence, remedy);
    }

    /** The directory with its rights: {@code /var/lib/portcullis (0700)}. */
    @Override
    public String toString() {
        int mode = 0;
        for (PosixFilePermission right : EnumSet.allOf(PosixFilePermission.class)) {
            mode = mode << 1 | (rights.contains(right) ? 1 : 0);
        }
        return directory + " (0" + Integer.toOctalString(mode) + ")";
    }
}

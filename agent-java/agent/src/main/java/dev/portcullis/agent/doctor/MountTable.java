// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What is mounted where. The table is readable by everybody, also where a directory on the file
 * system is not.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">mountinfo</a>
 */
final class MountTable {
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final int MOUNT_POINT = 4;

    private record Mount(Path point, String type) {}

    private final List<Mount> mounts = new ArrayList<>();

    private MountTable() {}

    static MountTable of(Host host) throws IOException {
        MountTable table = new MountTable();
        host.text("/proc/self/mountinfo").stream().flatMap(String::lines).forEach(table::add);
        return table;
    }

    private void add(String line) {
        String[] halves = line.split(" - ", 2);
        String[] fields = halves[0].split(" ");
        if (halves.length == 2 && fields.length > MOUNT_POINT) {
            String type = halves[1].split(" ", 2)[0];
            mounts.add(new Mount(Path.of(unescaped(fields[MOUNT_POINT])), type));
        }
    }

    /** Blanks and the like are written as three octal digits. */
    private static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll((MatchResult octal) ->
                        String.valueOf((char) Integer.parseInt(octal.group(1), 8))
                                .replace("\\", "\\\\"));
    }

    /** The kind of file system that a path is on, or would be; empty if the table is not there. */
    Optional<String> type(Path path) {
        Path real = real(path);
        Mount best = null;
        for (Mount mount : mounts) {
            // Of two that are mounted at one place the later one is seen.
            if (real.startsWith(mount.point)
                    && (best == null || mount.point.getNameCount() >= best.point.getNameCount())) {
                best = mount;
            }
        }
        return Optional.ofNullable(best).map(Mount::type);
    }

    /** Where symbolic links lead, as far as this user may follow them. */
    private static Path real(Path path) {
        for (Path existing = path; existing != null; existing = existing.getParent()) {
            try {
                if (Files.exists(existing)) {
                    return existing.toRealPath().resolve(existing.relativize(path));
                }
            } catch (IOException e) {
                // Its parent, then.
            }
        }
        return path;
    }
}

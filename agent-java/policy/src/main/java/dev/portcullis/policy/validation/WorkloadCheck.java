// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Workload;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** A workload, of a resource or of a question. */
public final class WorkloadCheck {
    /** Of units of the types that have processes, as systemd.unit(5) describes it. */
    private static final Pattern UNIT =
            Pattern.compile("[A-Za-z0-9:_.\\\\@-]+\\.(service|scope|slice|socket|mount|swap)");

    private static final String MOUNT = "/sys/fs/cgroup";
    private static final int LONGEST_UNIT = 255;
    private static final int LONGEST_PATH = 4_095;

    private WorkloadCheck() {}

    /**
     * @param field where it stands, such as {@code spec.workload}
     * @return empty if there are violations, which are then in {@code findings}
     */
    public static Optional<Workload> check(
            dev.portcullis.api.v1.Workload workload, String field, Findings findings) {
        String unit = workload.getUnit();
        String cgroup = workload.getCgroup();
        if (!unit.isEmpty() && !cgroup.isEmpty()) {
            findings.violation(field + ".cgroup", "stands beside unit; take one of them out");
            return Optional.empty();
        }
        if (unit.isEmpty() && cgroup.isEmpty()) {
            findings.violation(
                    field,
                    "has neither unit nor cgroup; write one, or leave the workload out for every"
                            + " process");
            return Optional.empty();
        }
        return unit.isEmpty()
                ? cgroup(cgroup, field + ".cgroup", findings)
                : unit(unit, field + ".unit", findings);
    }

    private static Optional<Workload> unit(String name, String field, Findings findings) {
        if (name.length() <= LONGEST_UNIT && UNIT.matcher(name).matches()) {
            return Optional.of(new Workload.Unit(name));
        }
        findings.violation(
                field,
                Quoted.of(name)
                        + " is not the name of a systemd unit that has processes; write one such"
                        + " as nginx.service or user.slice");
        return Optional.empty();
    }

    private static Optional<Workload> cgroup(String path, String field, Findings findings) {
        Optional<String> wrong = wrong(path);
        wrong.ifPresent(why -> findings.violation(field, Quoted.of(path) + " " + why));
        return wrong.isPresent() ? Optional.empty() : Optional.of(new Workload.CgroupPath(path));
    }

    private static Optional<String> wrong(String path) {
        if (path.equals("/")) {
            return Optional.of("holds every process; leave the workload out instead");
        }
        if (path.equals(MOUNT) || path.startsWith(MOUNT + "/")) {
            return Optional.of(
                    "is a path of the file system; write it from the root of cgroup v2 on, without "
                            + MOUNT);
        }
        boolean absolute = path.startsWith("/") && path.length() <= LONGEST_PATH;
        boolean plain =
                absolute
                        && path.chars().noneMatch(Character::isISOControl)
                        && Arrays.stream(path.substring(1).split("/", -1))
                                .noneMatch(part -> part.matches("\\.{0,2}"));
        return plain
                ? Optional.empty()
                : Optional.of(
                        "is not an absolute path below the root of cgroup v2; write one such as"
                                + " /system.slice/nginx.service");
    }
}

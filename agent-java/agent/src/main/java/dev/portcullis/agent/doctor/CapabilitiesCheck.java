// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What this process may do. That it may do too little says little of the agent. */
final class CapabilitiesCheck implements Check {
    /** Those that the unit gives to the agent. CAP_SYS_ADMIN has two of them in it. */
    private enum Capability {
        CAP_BPF(39, true),
        CAP_NET_ADMIN(12, false),
        CAP_PERFMON(38, true);

        private static final long SYS_ADMIN = 1L << 21;

        private final long bits;

        Capability(int number, boolean inSysAdmin) {
            bits = 1L << number | (inSysAdmin ? SYS_ADMIN : 0);
        }

        static List<Capability> missing(long set) {
            return Arrays.stream(values()).filter(one -> (one.bits & set) == 0).toList();
        }
    }

    private final Host host;

    CapabilitiesCheck(Host host) {
        this.host = host;
    }

    @Override
    public Subject subject() {
        return Subject.RIGHTS;
    }

    @Override
    public String name() {
        return "capabilities";
    }

    /** Whether this process holds all that the agent needs. */
    boolean holdsAll() throws IOException {
        OptionalLong effective = set("CapEff");
        return effective.isPresent() && Capability.missing(effective.getAsLong()).isEmpty();
    }

    @Override
    public List<Finding> findings() throws IOException {
        OptionalLong effective = set("CapEff");
        OptionalLong bounding = set("CapBnd");
        if (effective.isEmpty() || bounding.isEmpty()) {
            return List.of(subject().hidden(name(), "/proc/self/status tells no capabilities"));
        }
        List<Capability> never = Capability.missing(bounding.getAsLong());
        List<Capability> missing = Capability.missing(effective.getAsLong());
        if (!never.isEmpty()) {
            return List.of(
                    subject()
                            .failed(
                                    name(),
                                    "no process here can have " + names(never),
                                    "start the container or the unit that this runs in with them"
                                            + " (--cap-add, CapabilityBoundingSet=)"));
        }
        return List.of(
                missing.isEmpty()
                        ? subject().ok(name(), "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are held")
                        : subject().hidden(name(), "this process does not have " + names(missing)));
    }

    private static String names(List<Capability> capabilities) {
        return capabilities.stream().map(Enum::name).collect(Collectors.joining(", "));
    }

    private OptionalLong set(String name) throws IOException {
        Pattern line = Pattern.compile("(?m)^" + name + ":\\s*(\\p{XDigit}{1,16})$");
        Matcher set = line.matcher(host.text("/proc/self/status").orElse(""));
        return set.find()
                ? OptionalLong.of(Long.parseUnsignedLong(set.group(1), 16))
                : OptionalLong.empty();
    }
}

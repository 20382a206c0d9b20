// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock. Certificates of {@code listen}, answers of DNS, and times in {@code top}, {@code
 * drops} and {@code get} go by it; how packets are judged does not.
 */
final class ClockCheck implements Check {
    private static final String WHY =
            "certificates, answers of DNS and the times in drops and get go by it";
    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String TIMESYNC = "/run/systemd/timesync";

    /** Where daemons that keep a clock tell that they run, and how to ask them. */
    private record Keeper(String file, String name, String question) {}

    private static final List<Keeper> KEEPERS =
            List.of(
                    new Keeper("/run/chrony/chronyd.pid", "chronyd", "chronyc tracking"),
                    new Keeper("/run/chronyd.pid", "chronyd", "chronyc tracking"),
                    new Keeper("/run/ntpd.pid", "ntpd", "ntpq -c rv"));

    private final Host host;
    private final Instant now;
    private final List<Path> witnesses;

    /**
     * @param witnesses files and directories that were written before now
     */
    ClockCheck(Host host, Instant now, List<Path> witnesses) {
        this.host = host;
        this.now = now;
        this.witnesses = List.copyOf(witnesses);
    }

    @Override
    public Subject subject() {
        return Subject.CLOCK;
    }

    @Override
    public String name() {
        return "time";
    }

    @Override
    public List<Finding> findings() throws IOException {
        return List.of(time(), synchronisation());
    }

    private Finding time() throws IOException {
        String shown = now.truncatedTo(ChronoUnit.SECONDS).toString();
        Optional<Path> newest = newest();
        if (newest.isPresent() && written(newest.get()).isAfter(now.plus(TOLERANCE))) {
            return subject()
                    .failed(
                            name(),
                            "it is "
                                    + shown
                                    + ", which is before "
                                    + newest.get()
                                    + " was written ("
                                    + written(newest.get()).truncatedTo(ChronoUnit.SECONDS)
                                    + "); "
                                    + WHY,
                            "set the clock: \"timedatectl set-ntp true\", or \"date -s\"");
        }
        return subject().ok(name(), shown);
    }

    /** The youngest of the witnesses and of what is in those that are directories. */
    private Optional<Path> newest() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path witness : witnesses) {
            if (Files.isDirectory(witness) && Files.isReadable(witness)) {
                try (Stream<Path> files = Files.list(witness)) {
                    files.forEach(found::add);
                }
            } else if (Files.exists(witness)) {
                found.add(witness);
            }
        }
        return found.stream().max(Comparator.comparing(ClockCheck::written));
    }

    private static Instant written(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            // Gone since it was listed.
            return Instant.EPOCH;
        }
    }

    private Finding synchronisation() {
        String check = "synchronised";
        if (Files.exists(host.file(TIMESYNC + "/synchronized"))) {
            return subject().ok(check, "by systemd-timesyncd");
        }
        if (Files.exists(host.file(TIMESYNC))) {
            return subject()
                    .warning(
                            check,
                            "systemd-timesyncd has not reached a server yet; " + WHY,
                            "see \"timedatectl timesync-status\"");
        }
        return KEEPERS.stream()
                .filter(keeper -> Files.exists(host.file(keeper.file())))
                .findFirst()
                .map(keeper ->
                        subject()
                                .unknown(
                                        check,
                                        keeper.name() + " runs, and does not tell here",
                                        "see \"" + keeper.question() + "\""))
                .orElseGet(() ->
                        subject()
                                .unknown(
                                        check,
                                        "nothing is seen that keeps the clock right; " + WHY,
                                        "see \"timedatectl\", and install chrony or"
                                                + " systemd-timesyncd if the hypervisor does not do it"));
    }
}

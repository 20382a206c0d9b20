// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.doctor;

import dev.portcullis.dataplane.SeenInterface;
import dev.portcullis.libbpf.XdpAttachment;
import dev.portcullis.libbpf.XdpMode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is found of one interface that is to be guarded. */
final class InterfaceFindings {
    private static final Subject SUBJECT = Subject.INTERFACES;
    private static final String SLOW =
            "nothing, if that is fast enough; some drivers want a smaller MTU, free queues or LRO"
                    + " off for it, others have none";

    private final NetworkFiles files;
    private final SeenInterface one;
    private final boolean generic;

    /**
     * @param generic whether agent.yaml wants it to be judged in the stack
     */
    InterfaceFindings(NetworkFiles files, SeenInterface one, boolean generic) {
        this.files = files;
        this.one = one;
        this.generic = generic;
    }

    List<Finding> all() throws IOException {
        return List.of(driver(), queues(), program());
    }

    private boolean isGuarded() {
        return one.owner() == SeenInterface.Owner.PORTCULLIS;
    }

    private Finding driver() throws IOException {
        String check = one.name() + " driver";
        String driver = driverName();
        Optional<XdpMode> guarded =
                one.attached().filter(program -> isGuarded()).map(XdpAttachment::mode);
        if (guarded.isPresent()) {
            return guarded(check, driver, guarded.get());
        }
        if (generic) {
            return SUBJECT.ok(check, driver + "; judged in the stack, as xdpMode says");
        }
        return switch (one.nativeXdp()) {
            case SUPPORTED -> SUBJECT.ok(check, driver + " has native XDP");
            case MISSING ->
                    SUBJECT.warning(
                            check,
                            driver
                                    + " has no native XDP, at least not as it is set now: packets"
                                    + " will be judged in the stack (generic), which is slower",
                            SLOW);
            case UNKNOWN ->
                    SUBJECT.unknown(
                            check,
                            driver + ", of which the kernel does not tell (Linux 6.3 and newer do)",
                            "see \"portcullis status\" once it is guarded: native, or generic");
        };
    }

    private Finding guarded(String check, String driver, XdpMode mode) {
        if (mode == XdpMode.NATIVE) {
            return SUBJECT.ok(check, driver + "; guarded in the driver (native)");
        }
        return generic
                ? SUBJECT.ok(check, driver + "; guarded in the stack, as xdpMode says")
                : SUBJECT.warning(
                        check, driver + "; guarded in the stack (generic), which is slower", SLOW);
    }

    private String driverName() throws IOException {
        Optional<String> driver = files.driver(one);
        return driver.orElse(one.kind().isEmpty() ? "a driver without a name" : one.kind());
    }

    private Finding queues() throws IOException {
        String check = one.name() + " queues";
        if (!files.show(one)) {
            return SUBJECT.unknown(
                    check,
                    "/sys shows the interfaces of another network namespace",
                    "ask where it is mounted for this one: \"ip netns exec NAME portcullis doctor\"");
        }
        int rx = files.queues(one, "rx");
        int tx = files.queues(one, "tx");
        int cpus = files.cpus();
        String found =
                rx
                        + " rx and "
                        + tx
                        + " tx, and "
                        + cpus
                        + (cpus == 1 ? " CPU" : " CPUs")
                        + " online";
        if (!one.kind().isEmpty() || tx >= cpus) {
            return SUBJECT.ok(check, found);
        }
        return SUBJECT.warning(
                check,
                found
                        + ": some drivers want a tx queue for each CPU, and without them have no"
                        + " native XDP, or are slow to answer (onDeny: reset)",
                "\"ethtool -L "
                        + one.name()
                        + " combined "
                        + cpus
                        + "\", if \"ethtool -l "
                        + one.name()
                        + "\" shows as many; a virtual machine gets its queues from its hypervisor");
    }

    private Finding program() {
        String check = one.name() + " program";
        String other =
                one.attached()
                        .map(program ->
                                "the XDP program with id "
                                        + program.programId()
                                        + " ("
                                        + program.mode().name().toLowerCase(Locale.ROOT)
                                        + ") is there")
                        .orElse("");
        return switch (one.owner()) {
            case NOBODY -> SUBJECT.ok(check, "no other XDP program is there");
            case PORTCULLIS -> SUBJECT.ok(check, "Portcullis is there");
            case OTHERS ->
                    SUBJECT.failed(
                            check,
                            other + ", and none of this agent's",
                            "remove it (\"ip link set dev "
                                    + one.name()
                                    + " xdp off\"), or take "
                                    + one.name()
                                    + " out of \"interfaces\"");
            case UNKNOWN -> SUBJECT.hidden(check, other + ", and may be Portcullis's");
        };
    }
}

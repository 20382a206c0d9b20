// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.XdpAttachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an agent would guard in this network namespace, whether one runs or not. To take it changes
 * nothing.
 *
 * @param guarded in the order of their names
 * @param leftAlone those that match, and that others stand for
 * @param problems what is named and can't be guarded
 * @param idlePatterns patterns that no interface matches now
 */
public record InterfaceSurvey(
        List<SeenInterface> guarded,
        List<LeftAlone> leftAlone,
        List<InterfaceState> problems,
        List<String> idlePatterns) {
    public InterfaceSurvey {
        guarded = List.copyOf(guarded);
        leftAlone = List.copyOf(leftAlone);
        problems = List.copyOf(problems);
        idlePatterns = List.copyOf(idlePatterns);
    }

    /**
     * @param bpffs the agent's directory of pins
     * @throws DataplaneException if the kernel does not tell what interfaces there are
     */
    public static InterfaceSurvey take(Libbpf libbpf, InterfacePatterns patterns, Path bpffs) {
        HostInterfaces host = HostInterfaces.read(libbpf);
        GuardedInterfaces choice = GuardedInterfaces.choose(patterns, host);
        Pins pins = new Pins(bpffs);
        try (DriverQuestion drivers = DriverQuestion.open(libbpf)) {
            return new InterfaceSurvey(
                    choice.guarded().stream().map(one -> look(libbpf, pins, drivers, one)).toList(),
                    choice.leftAlone(),
                    choice.problems(),
                    patterns.idle(host.names()));
        }
    }

    private static SeenInterface look(
            Libbpf libbpf, Pins pins, DriverQuestion drivers, HostInterface one) {
        Optional<XdpAttachment> attached = libbpf.attachedXdp(one.index());
        SeenInterface.Owner owner =
                attached.map(program -> owner(libbpf, pins.link(one.index()), program))
                        .orElse(SeenInterface.Owner.NOBODY);
        return new SeenInterface(
                one.name(), one.index(), one.kind(), drivers.ask(one.index()), attached, owner);
    }

    private static SeenInterface.Owner owner(Libbpf libbpf, Path pin, XdpAttachment attached) {
        try {
            Files.readAttributes(pin, "size");
            Optional<BpfLink> pinned = libbpf.pinnedLink(pin);
            if (pinned.isPresent()) {
                try (BpfLink link = pinned.get()) {
                    return link.info().programId() == attached.programId()
                            ? SeenInterface.Owner.PORTCULLIS
                            : SeenInterface.Owner.OTHERS;
                }
            }
            return SeenInterface.Owner.OTHERS;
        } catch (NoSuchFileException e) {
            return SeenInterface.Owner.OTHERS;
        } catch (IOException | BpfException e) {
            // Of another user, or of a kernel that lets nobody else ask.
            return SeenInterface.Owner.UNKNOWN;
        }
    }
}

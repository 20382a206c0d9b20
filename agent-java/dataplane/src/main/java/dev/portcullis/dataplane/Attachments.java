// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.BpfLink;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.LinkInfo;
import dev.portcullis.libbpf.XdpAttachment;
import dev.portcullis.libbpf.XdpMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interfaces that the programs are attached to. A link is pinned as soon as it is made, so that
 * the interface stays guarded without the agent. Egress comes first and goes last: what goes out
 * must have been seen for its answers to be let in.
 */
final class Attachments implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

    private final Libbpf libbpf;
    private final Pins pins;
    private final boolean generic;
    private final boolean clsact;
    private final Runnable makeKnown;

    private record Attached(BpfLink link, InterfaceState.Mode mode, EgressAttachment egress) {
        void close() {
            link.close();
            egress.close();
        }
    }

    private final Map<Integer, Attached> links = new TreeMap<>();

    /** Bonds that were attached to in the stack because they had no members yet. */
    private final Set<Integer> waiting = new HashSet<>();

    private volatile List<InterfaceState> states = List.of();

    Attachments(Libbpf libbpf, Pins pins, Dataplane.Options options, Runnable makeKnown) {
        this.libbpf = libbpf;
        this.pins = pins;
        generic = options.generic();
        clsact = options.clsact();
        this.makeKnown = makeKnown;
    }

    /**
     * Takes over the links that an agent before this one left, and gives them this agent's program,
     * those of ingress last. Those that are not to be guarded any more are let go when others are
     * attached to.
     */
    void adopt(KernelObject object, HostInterfaces interfaces) {
        pins.links()
                .forEach((index, pin) -> {
                    Optional<BpfLink> pinned = libbpf.pinnedLink(pin);
                    String name = interfaces.name(index);
                    if (pinned.isEmpty()
                            || interfaces.at(index).isEmpty()
                            || isGone(pinned.get(), index)) {
                        pinned.ifPresent(BpfLink::close);
                        pins.unpin(pin);
                        EgressAttachment.detach(libbpf, pins, index);
                        LOG.info("event=interface_released interface={} index={}", name, index);
                        return;
                    }
                    EgressAttachment egress =
                            EgressAttachment.adopt(libbpf, object.egress(), pins, index)
                                    .orElseGet(() ->
                                            EgressAttachment.attach(
                                                    object.egress(), pins, index, clsact));
                    links.put(index, new Attached(pinned.get(), mode(index), egress));
                    LOG.info(
                            "event=interface_adopted interface={} index={} mode={}",
                            name,
                            index,
                            mode(index));
                });
        if (!object.isAdopted()) {
            makeKnown.run();
        }
        links.values().forEach(attached -> attached.link.update(object.ingress()));
    }

    /**
     * An interface that went takes its attachment along, and the link with its pin stays behind.
     */
    private static boolean isGone(BpfLink link, int index) {
        return link.info().ifindex() != index;
    }

    private InterfaceState.Mode mode(int index) {
        return libbpf.attachedXdp(index)
                .map(attachment ->
                        attachment.mode() == XdpMode.NATIVE
                                ? InterfaceState.Mode.NATIVE
                                : InterfaceState.Mode.GENERIC)
                .orElse(InterfaceState.Mode.DETACHED);
    }

    /**
     * Attaches where it should be and is not, and forgets interfaces that are gone. What is not
     * guarded any more is let go last, so that what is guarded in its place is so by then.
     */
    void reconcile(KernelObject object, GuardedInterfaces choice) {
        forgetGone(choice.interfaces());
        List<InterfaceState> next = attachAll(object, choice);
        if (releaseOthers(choice)) {
            // The kernel attaches to nothing below a program, such as one that just went.
            next = attachAll(object, choice);
        }
        next.addAll(choice.problems());
        states = List.copyOf(next);
    }

    private void forgetGone(HostInterfaces interfaces) {
        links.entrySet()
                .removeIf(entry -> {
                    int index = entry.getKey();
                    boolean gone =
                            interfaces.at(index).isEmpty() || isGone(entry.getValue().link, index);
                    if (gone) {
                        entry.getValue().link.close();
                        pins.unpin(pins.link(index));
                        entry.getValue().egress.release();
                        waiting.remove(index);
                        LOG.warn("event=interface_gone index={}", index);
                    }
                    return gone;
                });
    }

    /**
     * In the order in which they were made: the kernel attaches to nothing below a program, and
     * what is below was there first.
     */
    private List<InterfaceState> attachAll(KernelObject object, GuardedInterfaces choice) {
        return choice.guarded().stream()
                .sorted(Comparator.comparingInt(HostInterface::index))
                .flatMap(one -> attach(object, one, choice.waitsForMembers(one)).stream())
                .sorted(Comparator.comparing(InterfaceState::name))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Members of what could not be attached to stay guarded. */
    private boolean releaseOthers(GuardedInterfaces choice) {
        List<Integer> others =
                links.keySet().stream()
                        .filter(index -> !choice.guards(index))
                        .filter(index -> !isOpen(choice.masterOf(index)))
                        .toList();
        for (int index : others) {
            release(index);
            LOG.info(
                    "event=interface_released interface={} index={}",
                    choice.interfaces().name(index),
                    index);
        }
        return !others.isEmpty();
    }

    /** Whether one that is to be guarded is not. */
    private boolean isOpen(Optional<HostInterface> guarded) {
        return guarded.filter(one -> !links.containsKey(one.index())).isPresent();
    }

    private void release(int index) {
        Attached attached = links.remove(index);
        attached.link.detach();
        attached.close();
        pins.unpin(pins.link(index));
        EgressAttachment.detach(libbpf, pins, index);
        waiting.remove(index);
    }

    /**
     * @param early whether it is a bond that has no members yet
     */
    private Optional<InterfaceState> attach(KernelObject object, HostInterface one, boolean early) {
        if (waiting.contains(one.index()) && !early && !one.carrier()) {
            // Into the drivers of its members, while nothing can come in.
            release(one.index());
        }
        if (early && !links.containsKey(one.index())) {
            waiting.add(one.index());
        }
        return attach(object, one.name(), one.index(), generic || early);
    }

    /** Empty if the interface went meanwhile, of which the kernel tells. */
    private Optional<InterfaceState> attach(
            KernelObject object, String name, int index, boolean inStack) {
        Attached attached = links.get(index);
        if (attached != null) {
            return Optional.of(new InterfaceState(name, index, attached.mode, ""));
        }
        try {
            attached = attach(object, index, inStack);
        } catch (BpfException e) {
            if (!isThere(index)) {
                return Optional.empty();
            }
            String problem = problem(name, index, e);
            if (states.stream().noneMatch(state -> state.problem().equals(problem))) {
                LOG.error("event=attach_failed interface={} message=\"{}\"", name, problem);
            }
            return Optional.of(
                    new InterfaceState(name, index, InterfaceState.Mode.DETACHED, problem));
        }
        links.put(index, attached);
        LOG.info(
                "event=interface_attached interface={} index={} mode={}",
                name,
                index,
                attached.mode);
        if (attached.mode == InterfaceState.Mode.GENERIC && !inStack) {
            LOG.warn(
                    "event=generic_mode interface={} message=\"the driver has no native XDP; packets are judged in the"
                            + " stack, which is slower\"",
                    name);
        }
        return Optional.of(new InterfaceState(name, index, attached.mode, ""));
    }

    private boolean isThere(int index) {
        return HostInterfaces.read(libbpf).at(index).isPresent();
    }

    /** Both directions, or none. */
    private Attached attach(KernelObject object, int index, boolean inStack) {
        EgressAttachment egress = EgressAttachment.attach(object.egress(), pins, index, clsact);
        try {
            makeKnown.run();
            return attachIngress(
                    object.ingress(), index, inStack ? XdpMode.GENERIC : XdpMode.NATIVE, egress);
        } catch (RuntimeException e) {
            egress.close();
            EgressAttachment.detach(libbpf, pins, index);
            throw e;
        }
    }

    private Attached attachIngress(
            BpfProgram program, int index, XdpMode mode, EgressAttachment egress) {
        BpfLink link = attach(program, index, mode);
        try {
            Attached attached = new Attached(link, mode(index), egress);
            pins.unpin(pins.link(index));
            link.pin(pins.link(index));
            return attached;
        } catch (RuntimeException e) {
            // Nobody else holds it, so that nothing stays attached.
            link.close();
            throw e;
        }
    }

    /** In the driver, or in the stack if the driver can't. */
    private static BpfLink attach(BpfProgram program, int index, XdpMode mode) {
        try {
            return program.attachXdp(index, mode);
        } catch (BpfException e) {
            if (mode == XdpMode.NATIVE && e.errnoName().equals("EOPNOTSUPP")) {
                return program.attachXdp(index, XdpMode.GENERIC);
            }
            throw e;
        }
    }

    private String problem(String name, int index, BpfException failure) {
        Optional<XdpAttachment> other = libbpf.attachedXdp(index);
        if (other.isEmpty()) {
            return "interface " + name + " can't be guarded: " + failure.getMessage();
        }
        int id = other.get().programId();
        return "interface "
                + name
                + " already has the XDP program "
                + programName(id)
                + "; it was left alone and "
                + name
                + " is not guarded: remove that program (\"ip link set dev "
                + name
                + " xdp off\"), or take "
                + name
                + " out of \"interfaces\"";
    }

    private String programName(int id) {
        try {
            return "\"" + libbpf.programInfo(id).name() + "\" (id " + id + ")";
        } catch (BpfException e) {
            // Asking by id needs CAP_SYS_ADMIN, which the service does not have.
            return "with id " + id;
        }
    }

    /**
     * Puts back what somebody else has taken off, replaced, or unpinned; not what went with its
     * interface, even if it went while it was looked at.
     */
    List<Drift> repair(KernelObject object) {
        List<Drift> found = new ArrayList<>();
        for (InterfaceState state : states) {
            int index = state.index();
            Attached attached = links.get(index);
            if (attached != null
                    && libbpf.interfaceIndex(state.name()).equals(OptionalInt.of(index))) {
                try {
                    found.addAll(repair(object, state.name(), index, attached));
                } catch (BpfException e) {
                    if (isThere(index)) {
                        throw e;
                    }
                }
            }
        }
        return found;
    }

    /** What can't be put back is looked at again, so handles are closed when there are others. */
    private List<Drift> repair(KernelObject object, String name, int index, Attached attached) {
        List<Drift> found = new ArrayList<>();
        if (!attached.egress.runs(libbpf, object.egress())) {
            found.add(new Drift(Drift.Kind.EGRESS, "the program at the egress of " + name));
            EgressAttachment egress = EgressAttachment.attach(object.egress(), pins, index, clsact);
            attached.egress.close();
            attached = new Attached(attached.link, attached.mode, egress);
            links.put(index, attached);
        } else if (attached.egress.pinAgain()) {
            found.add(new Drift(Drift.Kind.PIN, "the egress of " + name));
        }
        LinkInfo info = attached.link.info();
        if (info.ifindex() != index) {
            found.add(new Drift(Drift.Kind.INGRESS, "the program of " + name));
            XdpMode mode =
                    attached.mode == InterfaceState.Mode.GENERIC ? XdpMode.GENERIC : XdpMode.NATIVE;
            links.put(index, attachIngress(object.ingress(), index, mode, attached.egress));
            attached.link.close();
        } else if (info.programId() != object.ingress().id()) {
            found.add(new Drift(Drift.Kind.PROGRAM, "the program of " + name));
            attached.link.update(object.ingress());
        } else if (!pins.hasLink(index)) {
            found.add(new Drift(Drift.Kind.PIN, "the link of " + name));
            attached.link.pin(pins.link(index));
        }
        return found;
    }

    List<InterfaceState> states() {
        return states;
    }

    /** Stops guarding every interface. */
    List<String> detach() {
        List<String> detached =
                states.stream()
                        .filter(state -> links.containsKey(state.index()))
                        .map(InterfaceState::name)
                        .toList();
        links.forEach((index, attached) -> {
            attached.link.detach();
            attached.close();
            pins.unpin(pins.link(index));
            EgressAttachment.detach(libbpf, pins, index);
        });
        links.clear();
        states = List.of();
        return detached;
    }

    /** Somebody else has detached everything. */
    void forget() {
        close();
        links.clear();
        states = List.of();
    }

    /** Lets go of the links; those that are pinned stay attached. */
    @Override
    public void close() {
        links.values().forEach(Attached::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which of the host's interfaces to guard. Interfaces are built on each other, and a frame comes in
 * at several, one after the other; it is to be judged at one of them.
 *
 * <ul>
 *   <li>A bond stands for its members: what comes in at them comes in at it. The members stand for
 *       the bond only if an exact name says so, and all of them match.
 *   <li>The ports of a bridge stand for the bridge, since what goes through never gets to it. The
 *       bridge stands for its ports only if it has an exact name, and they don't.
 *   <li>What has no Ethernet frames, such as a tunnel of IP packets, can't be judged.
 *   <li>Whatever everything at an interface was judged at before is not judged again there: a VLAN
 *       of a guarded interface is left alone, and a bridge whose ports are all such VLANs.
 * </ul>
 *
 * <p>Nothing but the patterns and what the interfaces are decides, so that the same host is always
 * guarded in the same way.
 */
final class GuardedInterfaces {
    private static final String NO_ETHERNET =
            "has no Ethernet frames, so that nothing can be judged there";

    private final InterfacePatterns patterns;
    private final HostInterfaces interfaces;
    private final Set<HostInterface> guarded = new LinkedHashSet<>();

    /** Those that the patterns match, and that others stand for. */
    private final Set<HostInterface> others = new LinkedHashSet<>();

    private final List<LeftAlone> leftAlone = new ArrayList<>();
    private final List<InterfaceState> problems = new ArrayList<>();
    private final SortedMap<String, Set<Integer>> indexes = new TreeMap<>();

    private GuardedInterfaces(InterfacePatterns patterns, HostInterfaces interfaces) {
        this.patterns = patterns;
        this.interfaces = interfaces;
    }

    static GuardedInterfaces choose(InterfacePatterns patterns, HostInterfaces interfaces) {
        GuardedInterfaces choice = new GuardedInterfaces(patterns, interfaces);
        choice.choose();
        return choice;
    }

    private void choose() {
        interfaces.all().stream()
                .filter(one -> patterns.matches(one.name()))
                .forEach(one -> (one.ethernet() ? guarded : others).add(one));
        // From the top, since what stands for a bond stands for its members, too.
        Stream.concat(
                        interfaces.all().stream().filter(HostInterface::isBridge),
                        interfaces.all().stream().filter(HostInterface::isBond))
                .forEach(this::chooseBetweenMasterAndMembers);
        List.copyOf(guarded).stream().filter(this::isJudgedBelow).forEach(this::leave);
        others.stream().sorted(Comparator.comparing(HostInterface::name)).forEach(this::explain);
        for (String name : patterns.names()) {
            if (interfaces.named(name).isEmpty()) {
                problems.add(missing(name));
            }
        }
        collectIndexes();
    }

    private boolean isNamed(HostInterface one) {
        return patterns.names().contains(one.name());
    }

    private void leave(HostInterface one) {
        guarded.remove(one);
        others.add(one);
    }

    private void chooseBetweenMasterAndMembers(HostInterface master) {
        List<HostInterface> members = interfaces.members(master);
        if (!guarded.contains(master) || members.stream().noneMatch(this::isMatchedAtOrBelow)) {
            return;
        }
        if (master.isBond() ? standsForMembers(master) : isNamedAlone(master)) {
            members.forEach(this::leaveWithMembers);
        } else {
            leave(master);
        }
    }

    /** Whether the frames of an interface are to be judged, there or before they get there. */
    private boolean isMatchedAtOrBelow(HostInterface one) {
        List<HostInterface> below = interfaces.below(one);
        return guarded.contains(one)
                || (!below.isEmpty() && below.stream().allMatch(this::isMatchedAtOrBelow));
    }

    private boolean standsForMembers(HostInterface bond) {
        List<HostInterface> members = interfaces.members(bond);
        return isNamed(bond)
                || members.stream().noneMatch(this::isNamed)
                || !guarded.containsAll(members);
    }

    private boolean isNamedAlone(HostInterface bridge) {
        return isNamed(bridge)
                && interfaces.members(bridge).stream().noneMatch(this::isNamedAtOrBelow);
    }

    private boolean isNamedAtOrBelow(HostInterface one) {
        List<HostInterface> below = interfaces.below(one);
        return isNamed(one)
                || (!below.isEmpty() && below.stream().allMatch(this::isNamedAtOrBelow));
    }

    /** A bond that is a port of a bridge takes its members along; a VLAN not its parent. */
    private void leaveWithMembers(HostInterface one) {
        if (guarded.contains(one)) {
            leave(one);
        }
        if (one.isBond()) {
            interfaces.members(one).forEach(this::leaveWithMembers);
        }
    }

    /** Whether everything that comes in at an interface was judged before it got there. */
    private boolean isJudgedBelow(HostInterface one) {
        List<HostInterface> below = interfaces.below(one);
        return !below.isEmpty()
                && below.stream()
                        .allMatch(lower -> guarded.contains(lower) || isJudgedBelow(lower));
    }

    /** The guarded ones through which frames come to an interface. */
    private Set<String> judgesBelow(HostInterface one) {
        Set<String> judges = new TreeSet<>();
        for (HostInterface lower : interfaces.below(one)) {
            judges.addAll(guarded.contains(lower) ? Set.of(lower.name()) : judgesBelow(lower));
        }
        return judges;
    }

    private void explain(HostInterface one) {
        Optional<HostInterface> rival = rival(one);
        if (isNamed(one) && !one.ethernet()) {
            problems.add(unreadable(one));
        } else if (isNamed(one) && rival.isPresent()) {
            problems.add(contradiction(one, rival.get()));
        } else {
            leftAlone.add(new LeftAlone(one.name(), one.index(), reason(one)));
        }
    }

    /** What is in an interface's place although both have exact names. */
    private Optional<HostInterface> rival(HostInterface one) {
        return Stream.concat(
                        interfaces.at(one.master()).stream(),
                        one.isVlan() ? Stream.empty() : interfaces.below(one).stream())
                .filter(other -> guarded.contains(other) && isNamed(other))
                .findFirst();
    }

    private static InterfaceState unreadable(HostInterface one) {
        return new InterfaceState(
                one.name(),
                one.index(),
                InterfaceState.Mode.DETACHED,
                "interface "
                        + one.name()
                        + " "
                        + NO_ETHERNET
                        + ": take it out of \"interfaces\", and guard the one that its tunnel comes"
                        + " in at");
    }

    private static InterfaceState contradiction(HostInterface one, HostInterface rival) {
        return new InterfaceState(
                one.name(),
                one.index(),
                InterfaceState.Mode.DETACHED,
                "interfaces "
                        + rival.name()
                        + " and "
                        + one.name()
                        + " are both named in \"interfaces\", and one is a member of the other: "
                        + rival.name()
                        + " is guarded; take one of them out");
    }

    private String reason(HostInterface one) {
        if (!one.ethernet()) {
            return NO_ETHERNET;
        }
        if (isJudgedBelow(one)) {
            String judges = String.join(", ", judgesBelow(one));
            return one.isVlan()
                    ? "is a VLAN whose frames are judged at " + judges + ", with their tags"
                    : "gets only what was judged at " + judges;
        }
        if (one.isBridge()) {
            return bridgeReason(one);
        }
        return interfaces
                .at(one.master())
                .map(master ->
                        master.isBridge()
                                ? "is a port of "
                                        + master.name()
                                        + ", where what is for the host is judged; what goes"
                                        + " through is not"
                                : "is a member of "
                                        + master.name()
                                        + (guarded.contains(master)
                                                ? ", where its frames are judged"
                                                : ", which is left alone, too"))
                .orElse("has others that stand for it");
    }

    /** A bridge with ports that are guarded, and others. */
    private String bridgeReason(HostInterface bridge) {
        List<String> open =
                interfaces.members(bridge).stream()
                        .filter(port -> !guarded.contains(port) && !isJudgedBelow(port))
                        .map(HostInterface::name)
                        .toList();
        return "has ports that are guarded ("
                + String.join(", ", judgesBelow(bridge))
                + "), and what comes in at "
                + String.join(", ", open)
                + " is not judged";
    }

    private InterfaceState missing(String name) {
        return new InterfaceState(
                name,
                0,
                InterfaceState.Mode.DETACHED,
                "interface "
                        + name
                        + " does not exist (there are: "
                        + String.join(", ", interfaces.names())
                        + "): correct \"interfaces\" in agent.yaml, or use a pattern if it appears later");
    }

    /** A bond's program is run by the drivers of its members, and is told their indexes. */
    private void collectIndexes() {
        for (HostInterface one : interfaces.all()) {
            String name =
                    interfaces
                            .at(one.master())
                            .filter(master -> master.isBond() && guarded.contains(master))
                            .orElse(one)
                            .name();
            indexes.computeIfAbsent(name, key -> new TreeSet<>()).add(one.index());
        }
    }

    /** In the order of their names. */
    Collection<HostInterface> guarded() {
        return Collections.unmodifiableCollection(guarded);
    }

    boolean guards(int index) {
        return interfaces.at(index).filter(guarded::contains).isPresent();
    }

    /** The bond or bridge that is guarded in place of an interface that is its member. */
    Optional<HostInterface> masterOf(int index) {
        return interfaces
                .at(index)
                .flatMap(one -> interfaces.at(one.master()))
                .filter(guarded::contains);
    }

    /**
     * Whether an interface is to be guarded in the stack even where it could be guarded in drivers.
     * A bond without members is: the kernel would refuse it members whose driver has no XDP, and
     * those that are guarded already.
     */
    boolean waitsForMembers(HostInterface one) {
        return one.kind().equals("bond") && interfaces.members(one).isEmpty();
    }

    /** Those that match the patterns, and that others stand for. */
    List<LeftAlone> leftAlone() {
        return Collections.unmodifiableList(leftAlone);
    }

    /** What the patterns name and can't be guarded. */
    List<InterfaceState> problems() {
        return Collections.unmodifiableList(problems);
    }

    /** The indexes that packets come in with, by the name of the interface that they count as. */
    SortedMap<String, Set<Integer>> indexes() {
        return Collections.unmodifiableSortedMap(indexes);
    }

    /** All interfaces that are there. */
    HostInterfaces interfaces() {
        return interfaces;
    }

    /**
     * The guarded interfaces that packets to an address may come in at: the one that has it, or any
     * if none has.
     */
    List<HostInterface> at(Address local) {
        Optional<String> owner = owner(local);
        List<HostInterface> guarded = List.copyOf(guarded());
        List<HostInterface> own =
                guarded.stream().filter(one -> owner.equals(Optional.of(one.name()))).toList();
        return own.isEmpty() ? guarded : own;
    }

    private static Optional<String> owner(Address local) {
        try {
            return Optional.ofNullable(
                            NetworkInterface.getByInetAddress(
                                    InetAddress.getByAddress(local.bytes())))
                    .map(NetworkInterface::getName);
        } catch (SocketException | UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}

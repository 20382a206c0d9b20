// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The loaded programs and their maps.
 *
 * <p>If an agent before this one loaded the same object, with the same capacities, its maps are
 * taken over, the rule sets among them. Else the rule sets are made anew, beside those that packets
 * are judged by, and what outlives programs is taken over map by map where it fits.
 */
final class KernelObject implements AutoCloseable {
    private static final String ELF = "/dev/portcullis/bpf/portcullis.bpf.o";

    /** What a slot consists of, and which is live: they mean what this object's programs say. */
    private static final List<String> RULE_SETS =
            List.of(
                    "sources4",
                    "sources6",
                    "locals4",
                    "locals6",
                    "targets4",
                    "targets6",
                    "ports",
                    "remote_ports",
                    "cells",
                    "verdicts",
                    "interfaces",
                    "workloads",
                    "proxies",
                    "endpoints",
                    "generations",
                    "live",
                    "identity");

    /**
     * Of {@link KernelLayout#CONVERSATION_LAYOUT}. They are taken over whatever their capacity is:
     * while programs that keep other maps take over, answers in what has just begun would be lost.
     */
    private static final List<String> CONVERSATIONS =
            List.of(
                    "outbound",
                    "outbound_opening",
                    "inbound",
                    "inbound_opening",
                    "outbound_ports",
                    "noting",
                    "proxied",
                    "opening",
                    "unfinished");

    /** What else outlives programs, of {@link KernelLayout#LASTING_LAYOUT}. */
    private static final List<String> LASTING =
            List.of(
                    "counters",
                    "carried",
                    "reporting",
                    "drops",
                    "dropped",
                    "dropped_proxied",
                    "proxying",
                    "fragments",
                    "denied_fragments",
                    "asks",
                    "asked");

    /**
     * Made anew by each agent, which does not know what the one before used each index for. Until
     * it takes over, the kernel goes on writing to the old one.
     */
    static final String MATCHED = "matched";

    private static final List<String> ALL =
            Stream.of(RULE_SETS, CONVERSATIONS, LASTING, List.of(MATCHED))
                    .flatMap(List::stream)
                    .toList();

    private final int number;
    private final boolean adopted;
    private final List<EarlierObject> earlier;
    private final Map<String, BpfMap> maps = new HashMap<>();
    private final BpfProgram ingress;
    private final BpfProgram egress;
    private final BpfProgram probe;
    private final BpfProgram egressProbe;

    private KernelObject(
            BpfObject object, int number, boolean adopted, List<EarlierObject> earlier) {
        this.number = number;
        this.adopted = adopted;
        this.earlier = earlier;
        ALL.forEach(name -> maps.put(name, object.map(name)));
        ingress = object.program("portcullis_xdp");
        egress = object.program("portcullis_tc");
        probe = object.program("portcullis_probe");
        egressProbe = object.program("portcullis_tc_probe");
    }

    /** Loads the programs. */
    static KernelObject load(Libbpf libbpf, Pins pins, Limits limits) {
        byte[] elf = elf();
        List<EarlierObject> earlier = new ArrayList<>();
        pins.objectNumbers()
                .forEach(known -> earlier.add(EarlierObject.open(libbpf, pins, known, ALL)));
        if (earlier.isEmpty()) {
            return loadNew(libbpf, limits, elf, 1, earlier);
        }
        EarlierObject newest = earlier.get(earlier.size() - 1);
        if (newest.identity().equals(Optional.of(ObjectIdentity.of(elf)))) {
            Optional<KernelObject> adopted = adopt(libbpf, limits, elf, earlier);
            if (adopted.isPresent()) {
                return adopted.get();
            }
        }
        return loadNew(libbpf, limits, elf, newest.number() + 1, earlier);
    }

    /** Loads the programs over maps of their own, whatever is pinned. */
    static KernelObject loadNew(Libbpf libbpf, Limits limits) {
        return loadNew(libbpf, limits, elf(), 1, new ArrayList<>());
    }

    /** Over the newest object's maps, if all are there and of the capacities that are wanted. */
    private static Optional<KernelObject> adopt(
            Libbpf libbpf, Limits limits, byte[] elf, List<EarlierObject> earlier) {
        EarlierObject newest = earlier.get(earlier.size() - 1);
        try (BpfObject object = open(libbpf, limits, elf)) {
            for (String name : ALL) {
                Optional<BpfMap> map = newest.map(name);
                if (map.isEmpty() || !fits(object, name, map.get())) {
                    return Optional.empty();
                }
                if (!name.equals(MATCHED)) {
                    object.reuse(name, map.get());
                }
            }
            object.load();
            return Optional.of(new KernelObject(object, newest.number(), true, earlier));
        }
    }

    private static KernelObject loadNew(
            Libbpf libbpf, Limits limits, byte[] elf, int number, List<EarlierObject> earlier) {
        try (BpfObject object = open(libbpf, limits, elf)) {
            if (!earlier.isEmpty()) {
                reuseLasting(object, earlier.get(earlier.size() - 1));
            }
            object.load();
            KernelObject loaded = new KernelObject(object, number, false, earlier);
            ObjectIdentity.of(elf).write(loaded.map("identity"));
            return loaded;
        }
    }

    private static void reuseLasting(BpfObject object, EarlierObject newest) {
        ObjectIdentity identity = newest.identity().orElse(new ObjectIdentity("", 0, 0));
        Set<String> wanted = new HashSet<>();
        if (identity.conversationLayout() == KernelLayout.CONVERSATION_LAYOUT) {
            wanted.addAll(CONVERSATIONS);
        }
        if (identity.lastingLayout() == KernelLayout.LASTING_LAYOUT) {
            wanted.addAll(LASTING);
        }
        wanted.removeIf(name -> newest.map(name).filter(map -> fits(object, name, map)).isEmpty());
        // What was carried belongs to the counters that it was carried to.
        if (!wanted.containsAll(List.of("counters", "carried"))) {
            wanted.removeAll(List.of("counters", "carried"));
        }
        wanted.forEach(name -> object.reuse(name, newest.map(name).orElseThrow()));
    }

    private static boolean fits(BpfObject object, String name, BpfMap map) {
        return CONVERSATIONS.contains(name)
                ? object.hasShape(name, map)
                : object.hasShape(name, map) && object.hasCapacity(name, map);
    }

    private static BpfObject open(Libbpf libbpf, Limits limits, byte[] elf) {
        BpfObject object = libbpf.open("portcullis", elf);
        object.maxEntries("counters", limits.decisions());
        object.maxEntries("carried", limits.decisions());
        object.maxEntries(MATCHED, limits.matched() / KernelLayout.TIMES_PER_BLOCK);
        object.maxEntries("outbound", limits.conversations().capacity());
        object.maxEntries("outbound_opening", limits.conversations().opening());
        object.maxEntries("inbound", limits.conversations().capacity());
        object.maxEntries("inbound_opening", limits.conversations().opening());
        int cpus = OnlineCpus.count();
        object.maxEntries("dropped", limits.dropped().entries(cpus));
        object.maxEntries("dropped_proxied", limits.dropped().entries(cpus));
        object.maxEntries("proxied", limits.proxied().capacity());
        object.maxEntries("opening", limits.proxied().opening());
        object.maxEntries("unfinished", limits.proxied().unfinished());
        object.constants(".rodata.settings", constants -> limits.write(constants, cpus));
        return object;
    }

    private static byte[] elf() {
        try (InputStream stream = KernelObject.class.getResourceAsStream(ELF)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    BpfMap map(String name) {
        return maps.get(name);
    }

    /** The memory of {@link #MATCHED}. */
    MatchTimes matched() {
        return MatchTimes.of(maps.get(MATCHED)).orElseThrow();
    }

    /** That of the agent before this one; empty if there was none, or if it is of another shape. */
    Optional<MatchTimes> matchedBefore() {
        return earlier.stream()
                .reduce((older, newer) -> newer)
                .flatMap(newest -> newest.map(MATCHED))
                .flatMap(MatchTimes::of);
    }

    BpfProgram ingress() {
        return ingress;
    }

    BpfProgram egress() {
        return egress;
    }

    /** Answers how packets are judged. */
    Probe probe() {
        return new Probe(probe, egressProbe);
    }

    /** What programs count, and have counted in other maps. */
    Counters counters() {
        return new Counters(maps.get("counters"), maps.get("carried"));
    }

    /** Forgets what decisions of these numbers have counted, here and in maps before. */
    void resetCounters(Set<Integer> numbers) {
        counters().reset(numbers);
        earlier.stream()
                .flatMap(object -> object.counters().stream())
                .forEach(counters -> counters.reset(numbers));
    }

    /**
     * What limits ask for and the maps can't have, as long as they are those of an earlier agent.
     */
    List<String> postponed(Limits limits) {
        return Stream.of(
                        postponed(
                                "conversations",
                                "conversations",
                                "outbound",
                                limits.conversations().capacity()),
                        postponed(
                                "proxied",
                                "connections of balancers",
                                "proxied",
                                limits.proxied().capacity()))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> postponed(String part, String what, String map, int wanted) {
        int kept = map(map).maxEntries();
        return wanted == kept
                ? Optional.empty()
                : Optional.of(
                        "there is room for "
                                + kept
                                + " "
                                + what
                                + ", as an agent before this one made it; \""
                                + part
                                + ".capacity\", "
                                + wanted
                                + ", counts from the next boot on, or after a detach");
    }

    /** Whether the rule sets are those of an agent before this one. */
    boolean isAdopted() {
        return adopted;
    }

    /** Whether there were objects before this one. */
    boolean follows() {
        return !earlier.isEmpty();
    }

    /** The number of the newest rule set of agents before this one; 0 if there was none. */
    long newestGeneration() {
        return earlier.stream().mapToLong(EarlierObject::newestGeneration).max().orElse(0);
    }

    /** Lets the maps be found by the next agent. */
    void pin(Pins pins) {
        if (adopted) {
            pins.replaceMap(number, MATCHED, maps.get(MATCHED));
        } else {
            pins.pinObject(number, maps);
        }
    }

    /** Pins what somebody has removed; returns what that was. */
    List<String> pinAgain(Pins pins) {
        List<String> missing =
                maps.keySet().stream().filter(name -> !pins.hasMap(number, name)).sorted().toList();
        if (missing.size() == maps.size()) {
            pins.pinObject(number, maps);
        } else {
            missing.forEach(name -> pins.replaceMap(number, name, maps.get(name)));
        }
        return missing;
    }

    /**
     * Takes over what the objects before this one have counted, and removes them. No program may
     * use their maps any more.
     */
    void retireEarlier(Pins pins) {
        for (int i = 0; i < earlier.size(); i++) {
            EarlierObject object = earlier.get(i);
            if (object.number() != number) {
                Counters next =
                        i + 1 < earlier.size()
                                ? earlier.get(i + 1).counters().orElseGet(this::counters)
                                : counters();
                object.counters().ifPresent(next::carry);
            }
        }
        for (EarlierObject object : earlier) {
            if (object.number() != number) {
                pins.removeObject(object.number());
            }
            object.close();
        }
        earlier.clear();
    }

    @Override
    public void close() {
        earlier.forEach(EarlierObject::close);
        maps.values().forEach(BpfMap::close);
        ingress.close();
        egress.close();
        probe.close();
        egressProbe.close();
    }
}

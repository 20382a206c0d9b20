// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.BpfObject;
import dev.portcullis.libbpf.BpfProgram;
import dev.portcullis.libbpf.Libbpf;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loaded programs and their maps: those that an agent before this one left, where they fit,
 * else new ones.
 */
final class KernelObject implements AutoCloseable {
    private static final String ELF = "/dev/portcullis/bpf/portcullis.bpf.o";

    /** Shared by all programs, and taken over from the agent before. */
    private static final List<String> ADOPTED =
            List.of(
                    "sources4",
                    "sources6",
                    "locals4",
                    "locals6",
                    "ports",
                    "cells",
                    "verdicts",
                    "interfaces",
                    "generations",
                    "live",
                    "counters",
                    "reporting",
                    "drops",
                    "dropped",
                    "fragments",
                    "denied_fragments",
                    "outbound",
                    "outbound_opening",
                    "inbound",
                    "inbound_opening",
                    "outbound_ports",
                    "noting",
                    "targets4",
                    "targets6",
                    "remote_ports",
                    "workloads",
                    "asks",
                    "asked");

    /**
     * Made anew by each agent, which does not know what the one before used each index for. Until
     * it takes over, the kernel goes on writing to the old one.
     */
    static final String MATCHED = "matched";

    private final Map<String, BpfMap> maps = new HashMap<>();
    private final BpfProgram ingress;
    private final BpfProgram egress;
    private final BpfProgram probe;
    private final BpfProgram egressProbe;
    private final boolean adopted;

    private KernelObject(BpfObject object, boolean adopted) {
        ADOPTED.forEach(name -> maps.put(name, object.map(name)));
        maps.put(MATCHED, object.map(MATCHED));
        ingress = object.program("portcullis_xdp");
        egress = object.program("portcullis_tc");
        probe = object.program("portcullis_probe");
        egressProbe = object.program("portcullis_tc_probe");
        this.adopted = adopted;
    }

    /**
     * Loads the programs, over the pinned maps if all are there and of the shape that the programs
     * want.
     */
    static KernelObject load(Libbpf libbpf, Pins pins, Limits limits) {
        if (pins.hasMaps()) {
            Map<String, BpfMap> pinned = new HashMap<>();
            for (String name : ADOPTED) {
                libbpf.pinnedMap(pins.map(name)).ifPresent(map -> pinned.put(name, map));
            }
            try {
                Optional<KernelObject> adopted = adopt(libbpf, pinned, limits);
                if (adopted.isPresent()) {
                    return adopted.get();
                }
            } finally {
                pinned.values().forEach(BpfMap::close);
            }
        }
        try (BpfObject object = open(libbpf, limits)) {
            object.load();
            return new KernelObject(object, false);
        }
    }

    private static Optional<KernelObject> adopt(
            Libbpf libbpf, Map<String, BpfMap> pinned, Limits limits) {
        if (pinned.size() < ADOPTED.size()) {
            return Optional.empty();
        }
        try (BpfObject object = open(libbpf, limits)) {
            for (String name : ADOPTED) {
                if (!object.fits(name, pinned.get(name))) {
                    return Optional.empty();
                }
                object.reuse(name, pinned.get(name));
            }
            object.load();
            return Optional.of(new KernelObject(object, true));
        }
    }

    private static BpfObject open(Libbpf libbpf, Limits limits) {
        BpfObject object = libbpf.open("portcullis", elf());
        object.maxEntries("counters", limits.decisions());
        object.maxEntries(MATCHED, limits.matched() / KernelLayout.TIMES_PER_BLOCK);
        object.maxEntries("outbound", limits.conversations().capacity());
        object.maxEntries("outbound_opening", limits.conversations().opening());
        object.maxEntries("inbound", limits.conversations().capacity());
        object.maxEntries("inbound_opening", limits.conversations().opening());
        int cpus = OnlineCpus.count();
        object.maxEntries("dropped", limits.dropped().entries(cpus));
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

    /** Whether the maps are those of an agent before this one. */
    boolean isAdopted() {
        return adopted;
    }

    /** Lets the maps be found by the next agent. */
    void pin(Pins pins) {
        if (adopted) {
            pins.replaceMap(MATCHED, maps.get(MATCHED));
            return;
        }
        pins.beginStaging();
        maps.forEach((name, map) -> map.pin(pins.stagedMap(name)));
        pins.finishStaging();
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
        ingress.close();
        egress.close();
        probe.close();
        egressProbe.close();
    }
}

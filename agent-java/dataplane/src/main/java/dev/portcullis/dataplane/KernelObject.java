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

    /** Shared by all programs and kept over restarts. */
    private static final List<String> MAPS =
            List.of(
                    "sources4",
                    "sources6",
                    "locals4",
                    "locals6",
                    "ports",
                    "cells",
                    "rows",
                    "verdicts",
                    "interfaces",
                    "generations",
                    "live",
                    "counters",
                    "reporting",
                    "drops",
                    "fragments");

    private final Map<String, BpfMap> maps = new HashMap<>();
    private final BpfProgram ingress;
    private final BpfProgram probe;
    private final boolean adopted;

    private KernelObject(BpfObject object, boolean adopted) {
        MAPS.forEach(name -> maps.put(name, object.map(name)));
        ingress = object.program("portcullis_xdp");
        probe = object.program("portcullis_probe");
        this.adopted = adopted;
    }

    /**
     * Loads the programs, over the pinned maps if all are there and of the shape that the programs
     * want.
     */
    static KernelObject load(Libbpf libbpf, Pins pins, Limits limits) {
        if (pins.hasMaps()) {
            Map<String, BpfMap> pinned = new HashMap<>();
            for (String name : MAPS) {
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
        if (pinned.size() < MAPS.size()) {
            return Optional.empty();
        }
        try (BpfObject object = open(libbpf, limits)) {
            for (String name : MAPS) {
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
        int reportsPerCpu = Math.max(1, limits.reportsPerSecond() / libbpf.possibleCpus());
        BpfObject object = libbpf.open("portcullis", elf());
        object.maxEntries("counters", limits.decisions());
        object.constants(".rodata", constants -> constants.putInt(0, reportsPerCpu));
        return object;
    }

    private static byte[] elf() {
        try (InputStream stream = KernelObject.class.getResourceAsStream(ELF)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the maps were there before. */
    boolean adopted() {
        return adopted;
    }

    BpfMap map(String name) {
        return maps.get(name);
    }

    BpfProgram ingress() {
        return ingress;
    }

    BpfProgram probe() {
        return probe;
    }

    /** Lets the maps be found by the next agent. */
    void pin(Pins pins) {
        pins.beginStaging();
        MAPS.forEach(name -> maps.get(name).pin(pins.stagedMap(name)));
        pins.finishStaging();
    }

    @Override
    public void close() {
        maps.values().forEach(BpfMap::close);
        ingress.close();
        probe.close();
    }
}

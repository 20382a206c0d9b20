// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.KernelLayout.GENERATION_COLUMNS;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_EGRESS;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_EGRESS_CELLS;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_EVERY4;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_EVERY6;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_FLAGS;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_INTERFACES;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_INTERFACE_CLASSES;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_LOCALS_V4;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_LOCALS_V6;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_NUMBER;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_SIZE;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_TARGET_CLASSES;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_WORKLOADS;
import static dev.portcullis.dataplane.KernelLayout.GENERATION_WORKLOAD_CLASSES;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.libbpf.BpfMap;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.libbpf.MapOptions;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.PrivateEndpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * One of the places that a rule set is written to. Only one that nothing is judged by is ever
 * written.
 */
final class Slot implements AutoCloseable {
    /** What small maps are in. */
    private static final List<String> SMALL = List.of("interfaces", "workloads", "endpoints");

    private final Libbpf libbpf;
    private final KernelObject object;
    private final int number;

    private final TrieTable sources4;
    private final TrieTable sources6;
    private final TrieTable targets4;
    private final TrieTable targets6;
    private final TrieTable locals4;
    private final TrieTable locals6;
    private final ArrayTable ports;
    private final ArrayTable remotePorts;
    private final ArrayTable cells;
    private final ArrayTable verdicts;
    private final ArrayTable proxies;

    /** Those that the slot has, as far as this agent has written them. */
    private final Map<String, SmallMap> small = new HashMap<>();

    private long generation;

    /** Few entries, rarely asked and rarely changed: a new map when they do. */
    private record SmallMap(int id, Map<?, ?> entries) {}

    Slot(Libbpf libbpf, KernelObject object, int number, int prefixes) {
        this.libbpf = libbpf;
        this.object = object;
        this.number = number;
        sources4 = trie("sources4", Family.IPV4, KernelLayout.SOURCE_SIZE, prefixes);
        sources6 = trie("sources6", Family.IPV6, KernelLayout.SOURCE_SIZE, prefixes);
        targets4 = trie("targets4", Family.IPV4, KernelLayout.SOURCE_SIZE, prefixes);
        targets6 = trie("targets6", Family.IPV6, KernelLayout.SOURCE_SIZE, prefixes);
        locals4 = trie("locals4", Family.IPV4, KernelLayout.LOCAL_SIZE, prefixes);
        locals6 = trie("locals6", Family.IPV6, KernelLayout.LOCAL_SIZE, prefixes);
        ports = array("ports", KernelLayout.PORTS_PER_BLOCK * Character.BYTES);
        remotePorts = array("remote_ports", KernelLayout.PORTS_PER_BLOCK * Character.BYTES);
        cells = array("cells", KernelLayout.CELLS_PER_BLOCK * KernelLayout.CELL_SIZE);
        verdicts = array("verdicts", KernelLayout.VERDICTS_PER_BLOCK * Integer.BYTES);
        proxies = array("proxies", KernelLayout.PROXY_SIZE);
    }

    private TrieTable trie(String map, Family family, int valueSize, int capacity) {
        return new TrieTable(libbpf, inner(map), family, valueSize, capacity);
    }

    private ArrayTable array(String map, int valueSize) {
        return new ArrayTable(libbpf, inner(map), valueSize);
    }

    private InnerMap inner(String map) {
        return new InnerMap(object.map(map), number);
    }

    /**
     * Writes the rule set; packets are judged by it once the slot is live.
     *
     * @param entries of the image's peers and private endpoints
     * @param interfaces the indexes that packets come in with, by the name of the interface
     */
    void write(
            Image image,
            TimedEntries entries,
            Map<String, Set<Integer>> interfaces,
            long generation) {
        awaitReaders();
        Map<Family, TrieEntries> sources = entries.peers().get(Direction.INGRESS).entries();
        sources4.write(sources.get(Family.IPV4));
        sources6.write(sources.get(Family.IPV6));
        image.egress()
                .ifPresent(egress ->
                        writeEgress(egress, entries.peers().get(Direction.EGRESS).entries()));
        locals4.write(TrieEntries.plain(image.locals4()));
        locals6.write(TrieEntries.plain(image.locals6()));
        ports.write(Blocks.ports(image.portClasses()).encode());
        cells.write(Blocks.cells(image).encode());
        verdicts.write(Blocks.verdicts(image.verdicts()).encode());
        proxies.write(encode(image.proxies()));
        writeEndpoints(entries.endpoints().entries());
        writeInterfaces(image, interfaces);
        writeGeneration(image, generation);
    }

    /** Waits until no packet is being judged by what this slot held. */
    void awaitReaders() {
        sources4.inner().awaitReaders();
    }

    private void writeEgress(Image.Egress egress, Map<Family, TrieEntries> targets) {
        targets4.write(targets.get(Family.IPV4));
        targets6.write(targets.get(Family.IPV6));
        remotePorts.write(Blocks.ports(egress.remotePorts()).encode());
        if (!egress.workloads().isEmpty()) {
            writeWorkloads(egress.workloads());
        }
    }

    private void writeWorkloads(Map<Cgroup, Integer> classes) {
        if (isHeld("workloads", classes)) {
            return;
        }
        try (BpfMap inner =
                libbpf.createMap(
                        MapOptions.hash("workloads", Long.BYTES, Integer.BYTES, classes.size()))) {
            classes.forEach((cgroup, workloadClass) ->
                    inner.update(
                            ByteBuffer.allocate(Long.BYTES)
                                    .order(ByteOrder.nativeOrder())
                                    .putLong(0, cgroup.id()),
                            word(workloadClass)));
            putSmall("workloads", inner, classes);
        }
    }

    /** The kernel's {@code struct proxy} of each. */
    private static ByteBuffer encode(List<Image.Proxy> proxies) {
        ByteBuffer values =
                ByteBuffer.allocate(proxies.size() * KernelLayout.PROXY_SIZE)
                        .order(ByteOrder.nativeOrder());
        for (Image.Proxy proxy : proxies) {
            values.putInt(proxy.sources())
                    .putInt(proxy.sourceRanks())
                    .putInt(proxy.endpoints())
                    .putInt(proxy.endpointRanks())
                    .putInt(proxy.handshake())
                    .putInt(proxy.ahead())
                    .putInt(proxy.header())
                    .putInt(proxy.local())
                    .putInt(proxy.kept());
        }
        return values.clear();
    }

    private void writeEndpoints(Map<PrivateEndpoint, EndpointEntries.Entry> entries) {
        // Those of a rule set before must not stay, also of one that another agent wrote.
        if (isHeld("endpoints", entries)
                || (entries.isEmpty() && object.map("endpoints").innerId(number).isEmpty())) {
            return;
        }
        try (BpfMap inner =
                libbpf.createMap(
                        MapOptions.hash(
                                "endpoints",
                                KernelLayout.ENDPOINT_SIZE,
                                KernelLayout.SOURCE_SIZE,
                                Math.max(1, entries.size())))) {
            entries.forEach((endpoint, entry) -> {
                ByteBuffer key = ByteBuffer.allocate(KernelLayout.ENDPOINT_SIZE);
                Original.put(endpoint, key);
                inner.update(
                        key,
                        ByteBuffer.allocate(KernelLayout.SOURCE_SIZE)
                                .order(ByteOrder.nativeOrder())
                                .putInt(0, entry.set())
                                .putInt(4, entry.stretch()));
            });
            putSmall("endpoints", inner, entries);
        }
    }

    private boolean isHeld(String map, Map<?, ?> entries) {
        return small.containsKey(map) && small.get(map).entries.equals(entries);
    }

    private void putSmall(String map, BpfMap inner, Map<?, ?> entries) {
        object.map(map).putInner(number, inner);
        small.put(map, new SmallMap(inner.id(), entries));
    }

    private void writeInterfaces(Image image, Map<String, Set<Integer>> interfaces) {
        if (image.interfaceClasses().isEmpty()) {
            return;
        }
        Map<Integer, Integer> classes = new TreeMap<>();
        image.interfaceClasses()
                .forEach((name, interfaceClass) ->
                        interfaces
                                .getOrDefault(name, Set.of())
                                .forEach(index -> classes.put(index, interfaceClass)));
        if (isHeld("interfaces", classes)) {
            return;
        }
        int capacity = Math.max(1, classes.size());
        try (BpfMap inner =
                libbpf.createMap(
                        MapOptions.hash("interfaces", Integer.BYTES, Integer.BYTES, capacity))) {
            classes.forEach(
                    (index, interfaceClass) -> inner.update(word(index), word(interfaceClass)));
            putSmall("interfaces", inner, classes);
        }
    }

    /** The number of the rule set that an agent wrote here; 0 if none did. */
    long generation() {
        ByteBuffer header = ByteBuffer.allocate(GENERATION_SIZE).order(ByteOrder.nativeOrder());
        object.map("generations").lookup(word(number), header);
        return header.getLong(GENERATION_NUMBER);
    }

    private void writeGeneration(Image image, long generation) {
        Optional<Integer> every4 = everything(image.locals4());
        Optional<Integer> every6 = everything(image.locals6());
        int flags = image.interfaceClasses().isEmpty() ? 0 : GENERATION_INTERFACES;
        flags |= every4.isPresent() ? 0 : GENERATION_LOCALS_V4;
        flags |= every6.isPresent() ? 0 : GENERATION_LOCALS_V6;
        flags |= image.egress().isPresent() ? GENERATION_EGRESS : 0;
        flags |=
                image.egress().map(e -> !e.workloads().isEmpty()).orElse(false)
                        ? GENERATION_WORKLOADS
                        : 0;

        ByteBuffer value = ByteBuffer.allocate(GENERATION_SIZE).order(ByteOrder.nativeOrder());
        value.putLong(GENERATION_NUMBER, generation);
        value.putInt(GENERATION_FLAGS, flags);
        value.putInt(GENERATION_COLUMNS, image.columns());
        value.putInt(GENERATION_INTERFACE_CLASSES, image.interfaceClassCount());
        value.putInt(GENERATION_EVERY4, every4.orElse(0));
        value.putInt(GENERATION_EVERY6, every6.orElse(0));
        image.egress()
                .ifPresent(egress -> {
                    value.putInt(GENERATION_EGRESS_CELLS, image.cells().length());
                    value.putInt(GENERATION_WORKLOAD_CLASSES, egress.workloadClasses());
                    value.putInt(GENERATION_TARGET_CLASSES, egress.classes().size());
                });
        object.map("generations").update(word(number), value);
        this.generation = generation;
    }

    /**
     * The group of all addresses of a family, if it is the same for all: then the trie need not be
     * asked.
     */
    private static Optional<Integer> everything(PrefixTable locals) {
        if (locals.size() == 0) {
            return Optional.of(0);
        }
        return locals.size() == 1 && locals.length(0) == 0
                ? Optional.of(locals.value(0))
                : Optional.empty();
    }

    /**
     * Of the heap, like all that a commit hands to the kernel: who calls copies it, and the memory
     * of a direct buffer would stay until the collector comes by.
     */
    static ByteBuffer word(int number) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(0, number);
    }

    private List<SlotTable> tables() {
        return List.of(
                sources4,
                sources6,
                targets4,
                targets6,
                locals4,
                locals6,
                ports,
                remotePorts,
                cells,
                verdicts,
                proxies);
    }

    /** Whether all that was written is still in its place. */
    boolean isInPlace() {
        return tables().stream().allMatch(table -> table.inner().isInPlace())
                && small.entrySet().stream()
                        .allMatch(entry ->
                                object.map(entry.getKey())
                                        .innerId(number)
                                        .equals(OptionalInt.of(entry.getValue().id)))
                && (generation == 0 || generation == generation());
    }

    /** What the slot holds is unknown from now on; the next write starts anew. */
    void forget() {
        small.clear();
        generation = 0;
        tables().forEach(SlotTable::forget);
    }

    /** Gives the memory back; nothing judges by the slot until it is written anew. */
    void release() {
        SMALL.stream()
                .filter(map -> object.map(map).innerId(number).isPresent())
                .forEach(map -> object.map(map).delete(word(number)));
        tables().forEach(table -> table.inner().release());
        forget();
    }

    /** Capacities of the arrays, in numbers. */
    long cellCapacity() {
        return (long) cells.capacity() * KernelLayout.CELLS_PER_BLOCK;
    }

    long verdictCapacity() {
        return (long) verdicts.capacity() * KernelLayout.VERDICTS_PER_BLOCK;
    }

    @Override
    public void close() {
        tables().forEach(table -> table.inner().close());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import dev.portcullis.policy.model.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rule sets in the kernel: the live one, and the one that the next commit writes.
 *
 * <p>A commit brings the slot that is not live up to date, asks the loaded program to judge by it,
 * and flips the one word that says which is live. Until then packets are judged by the old rule
 * set, whatever happens; from then on by the new one. The slot given up is not written to before
 * every packet that may still be judged by it is done, which is the first step of the next commit,
 * so that this one does not wait.
 */
final class Generations implements AutoCloseable {
    private final KernelObject object;
    private final Limits limits;
    private final Probe probe;
    private final RuleTimes times;
    private final Counters counters;
    private final DroppedSources dropped;
    private final List<Slot> slots;

    private int live;
    private volatile long generation;
    private volatile Optional<Image> image = Optional.empty();

    Generations(Libbpf libbpf, KernelObject object, Limits limits, Probe probe, RuleTimes times) {
        this.object = object;
        this.limits = limits;
        this.probe = probe;
        this.times = times;
        counters = new Counters(object.map("counters"));
        dropped = new DroppedSources(object.map("dropped"));
        slots =
                List.of(
                        new Slot(libbpf, object, 0, limits.prefixes()),
                        new Slot(libbpf, object, 1, limits.prefixes()));
        ByteBuffer word = Slot.word(0);
        object.map("live").lookup(Slot.word(0), word);
        live = word.getInt(0);
        ByteBuffer header =
                ByteBuffer.allocateDirect(KernelLayout.GENERATION_SIZE)
                        .order(ByteOrder.nativeOrder());
        object.map("generations").lookup(Slot.word(live), header);
        generation = header.getLong(KernelLayout.GENERATION_NUMBER);
    }

    /**
     * Makes the rule set, which has to fit the maps, the one that packets are judged by.
     *
     * @param before the decision numbers of the rule set that is live
     * @param interfaces the indexes that packets come in with, by the name of the interface
     * @return the new generation
     * @throws DataplaneException if the kernel refused; packets are judged as before
     */
    long commit(Image next, DecisionIds before, Map<String, Set<Integer>> interfaces) {
        int spare = 1 - live;
        long number = generation + 1;
        Map<Direction, Succession> successions = times.prepare(next);
        try {
            slots.get(spare)
                    .write(
                            next,
                            successions.get(Direction.INGRESS).entries().entries(),
                            successions.get(Direction.EGRESS).entries().entries(),
                            interfaces,
                            number);
            Set<Integer> fresh = next.decisions().newSince(before);
            dropped.forget(fresh);
            counters.reset(fresh);
            probe.check(spare, number);
            object.map("live").update(Slot.word(0), Slot.word(spare));
        } catch (BpfException | DataplaneException e) {
            slots.get(spare).forget();
            successions.values().forEach(Succession::undo);
            throw new DataplaneException(
                    "the kernel did not take the rule set; the one before is still enforced: "
                            + e.getMessage(),
                    e);
        }
        live = spare;
        generation = number;
        times.commit(successions, number);
        image = Optional.of(next);
        return number;
    }

    /**
     * @throws CapacityException if the image is larger than the maps
     */
    void checkCapacity(Image image) {
        require(
                "addresses in policies (IPv4)",
                image.sources4().size(),
                limits.prefixes(),
                "capacity.prefixes");
        require(
                "addresses in policies (IPv6)",
                image.sources6().size(),
                limits.prefixes(),
                "capacity.prefixes");
        image.egress()
                .ifPresent(egress -> {
                    require(
                            "addresses in egress rules (IPv4)",
                            egress.targets4().size(),
                            limits.prefixes(),
                            "capacity.prefixes");
                    require(
                            "addresses in egress rules (IPv6)",
                            egress.targets6().size(),
                            limits.prefixes(),
                            "capacity.prefixes");
                });
        require(
                "local addresses (IPv4)",
                image.locals4().size(),
                limits.prefixes(),
                "capacity.prefixes");
        require(
                "local addresses (IPv6)",
                image.locals6().size(),
                limits.prefixes(),
                "capacity.prefixes");
        require("counters", image.decisions().capacity(), limits.decisions(), "capacity.decisions");
    }

    private static void require(String what, int needed, int capacity, String setting) {
        if (needed > capacity) {
            throw new CapacityException(
                    what
                            + ": "
                            + needed
                            + " are needed, and the capacity is "
                            + capacity
                            + ": raise \""
                            + setting
                            + "\" in agent.yaml and restart the agent");
        }
    }

    /** What packets are judged by; empty before the first commit. */
    Optional<Image> image() {
        return image;
    }

    long generation() {
        return generation;
    }

    /** Entries and capacities of the live slot. */
    List<MapUsage> usage() {
        Image current = image.orElse(null);
        if (current == null) {
            return List.of();
        }
        Slot slot = slots.get(live);
        return List.of(
                new MapUsage("sources4", current.sources4().size(), limits.prefixes()),
                new MapUsage("sources6", current.sources6().size(), limits.prefixes()),
                new MapUsage("locals4", current.locals4().size(), limits.prefixes()),
                new MapUsage("locals6", current.locals6().size(), limits.prefixes()),
                new MapUsage("cells", current.cells().length(), slot.cellCapacity()),
                new MapUsage("verdicts", current.verdicts().length(), slot.verdictCapacity()),
                new MapUsage(
                        "counters",
                        current.decisions().byNumber().size() + DecisionIds.FIXED.size(),
                        limits.decisions()),
                times.usage());
    }

    @Override
    public void close() {
        slots.forEach(Slot::close);
    }
}

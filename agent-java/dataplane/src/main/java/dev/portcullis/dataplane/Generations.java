// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.DecisionIds;
import dev.portcullis.compiler.Image;
import dev.portcullis.libbpf.BpfException;
import dev.portcullis.libbpf.Libbpf;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The rule sets in the kernel: the live one, the one that the next commit writes, and while the
 * live one waits to be confirmed, the one that comes back if it is not.
 *
 * <p>A commit brings a slot that nothing is judged by up to date, asks the loaded program to judge
 * by it, and writes the one word that says which is live. Until then packets are judged by the old
 * rule set, whatever happens; from then on by the new one. The slot given up is not written to
 * before every packet that may still be judged by it is done, which is the first step of the next
 * commit, so that this one does not wait.
 */
final class Generations implements AutoCloseable {
    /** Used only while a rule set waits to be confirmed; its memory is given back afterwards. */
    private static final int THIRD = 2;

    private final KernelObject object;
    private final Limits limits;
    private final Probe probe;
    private final RuleTimes times;
    private final DroppedSources dropped;
    private final LiveWord word;
    private final List<Slot> slots;

    private int live;
    private Optional<Fallback> fallback;
    private boolean mayHoldThird;
    private long newest;
    private volatile long generation;
    private volatile Optional<Image> image = Optional.empty();

    /**
     * @param image empty if an agent before this one wrote it
     */
    private record Fallback(int slot, Deadline deadline, Optional<Image> image) {}

    Generations(Libbpf libbpf, KernelObject object, Limits limits, Probe probe, RuleTimes times) {
        this.object = object;
        this.limits = limits;
        this.probe = probe;
        this.times = times;
        dropped = new DroppedSources(object);
        slots =
                IntStream.range(0, KernelLayout.SLOTS)
                        .mapToObj(slot -> new Slot(libbpf, object, slot, limits.prefixes()))
                        .toList();
        word = new LiveWord(object.map("live"));
        LiveWord.Choice found = word.get();
        live = found.effective();
        fallback =
                found.fallback()
                        .filter(known -> known.slot() != live)
                        .map(known ->
                                new Fallback(known.slot(), known.deadline(), Optional.empty()));
        mayHoldThird = object.isAdopted();
        generation = slots.get(live).generation();
        newest = Math.max(generation, object.newestGeneration());
    }

    /** A rule set that is written and whole, and that no packet is judged by yet. */
    final class Staged {
        private final int slot;
        private final Image next;
        private final Successions successions;

        private Staged(int slot, Image next, Successions successions) {
            this.slot = slot;
            this.next = next;
            this.successions = successions;
        }

        /** Asks how it judges. */
        SlotProbe probe() {
            return new SlotProbe(probe, slot);
        }

        /**
         * Makes it the one that packets are judged by.
         *
         * @param confirmBy when the rule set before comes back unless this one is confirmed
         * @return the new generation
         */
        long commit(Optional<Deadline> confirmBy) {
            if (confirmBy.isPresent()) {
                fallback = Optional.of(new Fallback(live, confirmBy.get(), image));
            }
            live = slot;
            newest++;
            generation = newest;
            image = Optional.of(next);
            writeWord();
            times.commit(successions, generation, fallback.isEmpty());
            return generation;
        }

        /** Leaves everything as it was. */
        void abandon() {
            successions.undo();
        }
    }

    /**
     * Writes the rule set, which has to fit the maps, where no packet is judged by it.
     *
     * @param before the decision numbers of the rule set that is live
     * @param interfaces the indexes that packets come in with, by the name of the interface
     * @throws DataplaneException if the kernel refused; packets are judged as before
     */
    Staged stage(Image next, DecisionIds before, Map<String, Set<Integer>> interfaces) {
        int spare = spare();
        boolean thirdIsFree = mayHoldThird && spare != THIRD && live != THIRD && !isFallback(THIRD);
        Successions successions = times.prepare(next);
        try {
            mayHoldThird |= spare == THIRD;
            slots.get(spare).write(next, successions.entries(), interfaces, newest + 1);
            if (thirdIsFree) {
                // Since writing has waited for packets, none is judged by it any more.
                slots.get(THIRD).release();
                mayHoldThird = false;
            }
            Set<Integer> fresh = next.decisions().newSince(before);
            dropped.forget(fresh);
            object.resetCounters(fresh);
            probe.check(spare, newest + 1);
        } catch (BpfException | DataplaneException e) {
            slots.get(spare).forget();
            successions.undo();
            throw refused(e);
        }
        return new Staged(spare, next, successions);
    }

    /** What is told of a failure before the flip. */
    static DataplaneException refused(RuntimeException cause) {
        return new DataplaneException(
                "the kernel did not take the rule set; the one before is still enforced: "
                        + cause.getMessage(),
                cause);
    }

    /** Asks the rule set that is live now, also after it is not any more. */
    SlotProbe live() {
        return new SlotProbe(probe, live);
    }

    /** Asks the one that {@link #revert} brings back. */
    SlotProbe fallback() {
        return new SlotProbe(probe, fallback.orElseThrow().slot);
    }

    private int spare() {
        int spare = 0;
        while (spare == live || isFallback(spare)) {
            spare++;
        }
        return spare;
    }

    private boolean isFallback(int slot) {
        return fallback.filter(held -> held.slot == slot).isPresent();
    }

    private void writeWord() {
        word.set(choice());
    }

    private LiveWord.Choice choice() {
        return new LiveWord.Choice(
                live, fallback.map(held -> new LiveWord.Fallback(held.slot, held.deadline)));
    }

    /** Waits until no packet is being judged by what programs used until now. */
    void awaitReaders() {
        slots.get(live).awaitReaders();
    }

    /** When the rule set before comes back; empty if the live one needs no confirmation. */
    Optional<Deadline> confirmBy() {
        return fallback.map(Fallback::deadline);
    }

    /** Puts the word back if somebody else has written it; returns whether that was so. */
    boolean repairWord() {
        LiveWord.Choice wanted = choice();
        if (word.get().equals(wanted)) {
            return false;
        }
        word.set(wanted);
        return true;
    }

    /** Whether what packets are judged by is what was written. */
    boolean isInPlace() {
        return slots.get(live).isInPlace();
    }

    /** What the slots hold is unknown from now on. */
    void forget() {
        slots.forEach(Slot::forget);
    }

    /** The live rule set stays. */
    void confirm() {
        fallback = Optional.empty();
        writeWord();
    }

    /** The rule set before the live one comes back. */
    void revert() {
        Fallback held = fallback.orElseThrow();
        live = held.slot;
        image = held.image;
        generation = slots.get(live).generation();
        fallback = Optional.empty();
        writeWord();
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

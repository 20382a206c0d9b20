// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.Member;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When each rule last decided on a packet.
 *
 * <p>The kernel notes it per entry of the tries of peers and member of the entry's class, at an
 * index of the map {@code matched}: the entry's value tells where its stretch of indexes begins,
 * the decision which of them it is. This class says which indexes an entry has, from rule set to
 * rule set, so that times stay with their rules whatever else changes.
 *
 * <p>Commits are made by one thread at a time; questions may come from any.
 */
public final class RuleTimes {
    private final MatchTimes times;
    private final Stretches stretches;
    private volatile Live live;

    /**
     * Released by the last commits. Packets may still be judged by the rule sets that used them.
     */
    private IntPairs resting = new IntPairs();

    /** A rule set in force. */
    private record Live(Map<Direction, RuleEntries> entries, long generation) {}

    RuleTimes(MatchTimes times) {
        this.times = times;
        stretches = new Stretches(times.capacity());
        RuleEntries none = RuleEntries.none();
        live = new Live(Map.of(Direction.INGRESS, none, Direction.EGRESS, none), 0);
    }

    /** Stretches for the entries of the next rule set; then {@link #commit} or their undoing. */
    Map<Direction, Succession> prepare(Image next) {
        Map<Direction, Succession> successions = new EnumMap<>(Direction.class);
        successions.put(
                Direction.INGRESS,
                succession(Direction.INGRESS, next.classes(), next.sources4(), next.sources6()));
        successions.put(
                Direction.EGRESS,
                next.egress()
                        .map(egress ->
                                succession(
                                        Direction.EGRESS,
                                        egress.classes(),
                                        egress.targets4(),
                                        egress.targets6()))
                        .orElseGet(() ->
                                succession(
                                        Direction.EGRESS,
                                        List.of(),
                                        PrefixTable.empty(Family.IPV4),
                                        PrefixTable.empty(Family.IPV6))));
        successions.values().forEach(Succession::moveTimes);
        return successions;
    }

    private Succession succession(
            Direction direction, List<List<Member>> classes, PrefixTable four, PrefixTable six) {
        Succession succession =
                new Succession(live.entries.get(direction), classes, stretches, times);
        succession.add(four);
        succession.add(six);
        return succession;
    }

    /**
     * Packets are judged by the rule set from now on.
     *
     * @param isFinal whether none before it comes back, so that what that one used is free
     */
    void commit(Map<Direction, Succession> successions, long generation, boolean isFinal) {
        successions.values().forEach(Succession::moveTimes);
        if (isFinal) {
            resting.forEach(stretches::giveBack);
            resting = new IntPairs();
        }
        Map<Direction, RuleEntries> entries = new EnumMap<>(Direction.class);
        successions.forEach((direction, succession) -> {
            succession.released().forEach(resting::add);
            entries.put(direction, succession.entries());
        });
        live = new Live(entries, generation);
    }

    /**
     * When a policy's rule last decided on a packet from inside a prefix, to a little over a
     * second; empty for never.
     *
     * <p>A rule has no time of its own if a wider one of the same policy says the same, which then
     * decides in its place. Of the members that an entry has beyond the sixth, one can't be told
     * from another.
     *
     * @param prefix that of the rule, or one that its words stand for
     */
    public Optional<Instant> lastMatch(String policy, Rule rule, Prefix prefix) {
        Member member = new Member(policy, rule.action(), rule.remotePorts());
        AtomicInteger latest = new AtomicInteger(MatchTimes.NEVER);
        for (RuleEntries entries : live.entries.values()) {
            entries.forEachIndex(
                    member,
                    prefix,
                    index -> latest.accumulateAndGet(times.get(index), MatchTimes::latest));
        }
        return latest.get() == MatchTimes.NEVER
                ? Optional.empty()
                : Optional.of(
                        KernelClock.now().instant((long) latest.get() << KernelLayout.TIME_SHIFT));
    }

    /** The indexes in use, and how many there are. */
    MapUsage usage() {
        return new MapUsage("matched", stretches.used(), times.capacity());
    }

    /**
     * A form for the store, from which {@link Dataplane#restoreTimes} brings the times back. To be
     * saved when the agent stops, and from time to time, for it may be killed.
     */
    public byte[] save() {
        Live current = live;
        return SavedTimes.write(current.entries, current.generation, times);
    }

    /**
     * Brings back what {@link #save} wrote, before the first commit.
     *
     * @param earlier the times of the agent before this one, to which the kernel went on writing
     * @param generation that of the rule set by which packets are judged
     * @throws IllegalArgumentException if the bytes are something else
     */
    void restore(byte[] bytes, Optional<MatchTimes> earlier, long generation) {
        SavedTimes saved = SavedTimes.read(bytes);
        // The entries are those that the kernel has only if no commit came after they were saved.
        Optional<MatchTimes> newer = earlier.filter(map -> saved.generation() == generation);
        Map<Direction, Succession> successions = new EnumMap<>(Direction.class);
        saved.entries()
                .forEach((direction, entries) -> {
                    Succession succession =
                            succession(
                                    direction,
                                    entries.classes().lists(),
                                    entries.table(Family.IPV4),
                                    entries.table(Family.IPV6));
                    saved.restore(direction, succession.entries(), times, newer);
                    successions.put(direction, succession);
                });
        commit(successions, 0, true);
    }
}

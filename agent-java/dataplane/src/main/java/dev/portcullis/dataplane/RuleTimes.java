// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.Member;
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
 * <p>The kernel notes it per entry of the source tries and member of the entry's class, at an index
 * of the map {@code matched}: the entry's value tells where its stretch of indexes begins, the
 * decision which of them it is. This class says which indexes an entry has, from rule set to rule
 * set, so that times stay with their rules whatever else changes.
 *
 * <p>Commits are made by one thread at a time; questions may come from any.
 */
public final class RuleTimes {
    private final MatchTimes times;
    private final Stretches stretches;
    private volatile Live live;

    /** Released by the last commit. Packets may still be judged by the rule set that used them. */
    private IntPairs resting = new IntPairs();

    /** A rule set in force. */
    private record Live(RuleEntries entries, long generation) {}

    RuleTimes(MatchTimes times) {
        this.times = times;
        stretches = new Stretches(times.capacity());
        Map<Family, TrieEntries> none = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            none.put(family, TrieEntries.none(family));
        }
        live = new Live(new RuleEntries(new ClassMembers(List.of()), none), 0);
    }

    /** Stretches for the entries of the next rule set; then {@link #commit} or its undoing. */
    Succession prepare(Image next) {
        Succession succession = new Succession(live.entries, next.classes(), stretches, times);
        succession.add(next.sources4());
        succession.add(next.sources6());
        succession.moveTimes();
        return succession;
    }

    /** Packets are judged by the rule set from now on. */
    void commit(Succession succession, long generation) {
        succession.moveTimes();
        resting.forEach(stretches::giveBack);
        resting = succession.released();
        live = new Live(succession.entries(), generation);
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
    public Optional<Instant> lastMatch(String policy, Rule.Action action, Prefix prefix) {
        AtomicInteger latest = new AtomicInteger(MatchTimes.NEVER);
        live.entries.forEachIndex(
                new Member(policy, action),
                prefix,
                index -> latest.accumulateAndGet(times.get(index), MatchTimes::latest));
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
        Succession succession =
                new Succession(live.entries, saved.entries().classes().lists(), stretches, times);
        for (Family family : Family.values()) {
            succession.add(saved.entries().entries().get(family).table());
        }
        saved.restore(succession.entries(), times, newer);
        commit(succession, 0);
    }
}

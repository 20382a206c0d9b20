// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import com.google.common.collect.Maps;
import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.Member;
import dev.portcullis.compiler.PrefixTable;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * When each rule last decided on a packet.
 *
 * <p>The kernel notes it per entry of the tries of peers, or private endpoint, and member of the
 * entry's class, at an index of the map {@code matched}: the entry's value tells where its stretch
 * of indexes begins, the decision which of them it is. This class says which indexes an entry has,
 * from rule set to rule set, so that times stay with their rules whatever else changes.
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
    private record Live(TimedEntries entries, long generation) {}

    RuleTimes(MatchTimes times) {
        this.times = times;
        stretches = new Stretches(times.capacity());
        live = new Live(TimedEntries.none(), 0);
    }

    /** Stretches for the entries of the next rule set; then {@link #commit} or their undoing. */
    Successions prepare(Image next) {
        Map<Direction, Succession> peers = new EnumMap<>(Direction.class);
        peers.put(
                Direction.INGRESS,
                succession(Direction.INGRESS, next.classes(), next.sources4(), next.sources6()));
        peers.put(
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
        return successions(peers, next.endpointClasses(), next.endpoints());
    }

    private Succession succession(
            Direction direction, List<List<Member>> classes, PrefixTable four, PrefixTable six) {
        Succession succession =
                new Succession(live.entries.peers().get(direction), classes, stretches, times);
        succession.add(four);
        succession.add(six);
        return succession;
    }

    private Successions successions(
            Map<Direction, Succession> peers,
            List<List<Member>> classes,
            Map<PrivateEndpoint, Integer> endpoints) {
        EndpointEntries before = live.entries.endpoints();
        Handover handover = new Handover(before.classes(), classes, stretches, times);
        List<Handover> handovers = new ArrayList<>(List.of(handover));
        Map<Direction, RuleEntries> entries = new EnumMap<>(Direction.class);
        peers.forEach((direction, succession) -> {
            handovers.add(succession.handover());
            entries.put(direction, succession.entries());
        });
        Successions successions =
                new Successions(
                        new TimedEntries(entries, before.next(endpoints, handover)), handovers);
        successions.moveTimes();
        return successions;
    }

    /**
     * Packets are judged by the rule set from now on.
     *
     * @param isFinal whether none before it comes back, so that what that one used is free
     */
    void commit(Successions successions, long generation, boolean isFinal) {
        successions.moveTimes();
        if (isFinal) {
            resting.forEach(stretches::giveBack);
            resting = new IntPairs();
        }
        successions.handovers().forEach(handover -> handover.released().forEach(resting::add));
        live = new Live(successions.entries(), generation);
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
        for (RuleEntries entries : live.entries.peers().values()) {
            entries.forEachIndex(
                    member,
                    prefix,
                    index -> latest.accumulateAndGet(times.get(index), MatchTimes::latest));
        }
        return instant(latest.get());
    }

    /** The same for a rule about a private endpoint. */
    public Optional<Instant> lastMatch(String policy, Rule rule, PrivateEndpoint endpoint) {
        OptionalInt index =
                live.entries.endpoints().index(new Member(policy, rule.action()), endpoint);
        return index.isEmpty() ? Optional.empty() : instant(times.get(index.getAsInt()));
    }

    private static Optional<Instant> instant(int time) {
        return time == MatchTimes.NEVER
                ? Optional.empty()
                : Optional.of(KernelClock.now().instant((long) time << KernelLayout.TIME_SHIFT));
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
        TimedEntries entries = saved.entries();
        Map<Direction, Succession> peers = new EnumMap<>(Direction.class);
        entries.peers()
                .forEach((direction, of) ->
                        peers.put(
                                direction,
                                succession(
                                        direction,
                                        of.classes().lists(),
                                        of.table(Family.IPV4),
                                        of.table(Family.IPV6))));
        Successions successions =
                successions(
                        peers,
                        entries.endpoints().classes().lists(),
                        Maps.transformValues(
                                entries.endpoints().entries(), EndpointEntries.Entry::set));
        saved.restore(successions.entries(), times, newer);
        commit(successions, 0, true);
    }
}

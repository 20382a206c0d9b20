// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.LookupCounts.Result;
import dev.portcullis.agent.names.Reply.Answer;
import dev.portcullis.agent.names.WaitingAddresses.Admission;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Peers.NamePattern;
import dev.portcullis.policy.model.Prefix;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which addresses are looked up, and when.
 *
 * <p>There are two lanes: refreshes of answers whose names a rule seeks, and everything else, which
 * any host on the Internet can fill at will. They share the rate; where both have work each has
 * half of it, and each may have a number of look-ups under way. So a flood of new addresses slows
 * no refresh down, and many refreshes keep no newcomer out.
 *
 * <p>All but {@link #ask}, {@link #all} and the readers of counts belongs to one thread.
 */
final class AddressNames {
    private static final Logger LOG = LoggerFactory.getLogger(AddressNames.class);

    private static final int AT_ONCE = 64;

    /** How many wait: for longer than this a client does not wait either. */
    private static final int SECONDS_OF_WAITING = 4;

    private static final int LEAST_WAITING = 64;
    private static final int MOST_WAITING = 4096;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final int MOST_BACK_OFF = 4;

    private final DnsSettings settings;
    private final ReverseLookup lookup;
    private final LookupCounts counts;
    private final Usage usage;
    private final Runnable changed;
    private final Runnable wake;
    private final Clock clock;
    private final TokenBucket bucket;
    private final KnownAddresses known;
    private final WaitingAddresses waiting;
    private final Set<Address> refreshes = new LinkedHashSet<>();
    private final Set<Address> refreshing = new HashSet<>();
    private boolean refreshedLast;
    private volatile Set<NamePattern> patterns = Set.of();

    AddressNames(
            DnsSettings settings,
            ReverseLookup lookup,
            LookupCounts counts,
            Usage usage,
            Runnable changed,
            Runnable wake,
            Clock clock) {
        this.settings = settings;
        this.lookup = lookup;
        this.counts = counts;
        this.usage = usage;
        this.changed = changed;
        this.wake = wake;
        this.clock = clock;
        this.bucket = new TokenBucket(settings.lookupsPerSecond(), clock.now());
        this.known = new KnownAddresses(settings.knownAddresses());
        long fitting = (long) SECONDS_OF_WAITING * settings.lookupsPerSecond();
        this.waiting =
                new WaitingAddresses(
                        (int) Math.max(LEAST_WAITING, Math.min(fitting, MOST_WAITING)));
    }

    /**
     * From any thread, without waiting.
     *
     * @return whether there is something new to do
     */
    boolean ask(Address address) {
        if (patterns.isEmpty() || known.contains(address)) {
            return false;
        }
        Admission admission = known.hasRoom() ? waiting.offer(address) : Admission.REFUSED;
        if (admission == Admission.REFUSED || admission == Admission.REPLACED) {
            counts.add(Kind.REVERSE, Result.REFUSED);
        }
        return admission == Admission.ADMITTED || admission == Admission.REPLACED;
    }

    /**
     * Takes over what an earlier book knew, as far as it would know it still: for no longer than
     * any answer is kept, in case the time of day was not right then or is not now.
     */
    void restore(List<KnownAddress> earlier) {
        long now = clock.now();
        long oldest = now - settings.grace().toNanos();
        for (KnownAddress answer : earlier) {
            boolean named = answer.state() == AddressState.NAMED;
            Duration longest = named ? settings.longestTtl() : settings.longestNegativeTtl();
            if (answer.ends() > oldest) {
                known.put(answer.endingAt(Math.min(answer.ends(), now + longest.toNanos())));
            }
        }
    }

    /** Every answer, from any thread. */
    List<KnownAddress> answered() {
        return known.all().stream()
                .filter(answer -> answer.names().isPresent())
                .sorted(Comparator.comparing(answer -> Prefix.of(answer.address())))
                .toList();
    }

    void follow(Set<NamePattern> wanted) {
        if (wanted.equals(patterns) && !wanted.isEmpty()) {
            return;
        }
        patterns = wanted;
        if (wanted.isEmpty()) {
            waiting.clear();
            refreshes.clear();
            known.clear();
        } else {
            known.seek(answer -> answer.names().filter(this::isSought).isPresent());
        }
    }

    private boolean isSought(Set<String> names) {
        return names.stream()
                .anyMatch(name -> patterns.stream().anyMatch(pattern -> pattern.matches(name)));
    }

    /** Does what is due. Returns when to come again, on the clock. */
    long round() {
        known.due(clock.now()).forEach(this::renew);
        while (true) {
            boolean fresh = waiting.taken() < AT_ONCE && !waiting.isEmpty();
            boolean refresh = refreshing.size() < AT_ONCE && !refreshes.isEmpty();
            if (!fresh && !refresh) {
                return known.nextDue();
            }
            long now = clock.now();
            long delay = bucket.delay(now);
            if (delay > 0) {
                return Math.min(now + delay, known.nextDue());
            }
            refreshedLast = refresh && !(fresh && refreshedLast);
            if (refreshedLast) {
                refresh();
            } else {
                waiting.take().ifPresent(this::start);
            }
        }
    }

    /** An answer has ended: it is forgotten, or stays for the moment that its refresh takes. */
    private void renew(KnownAddress ended) {
        Address address = ended.address();
        boolean named = ended.state() == AddressState.NAMED;
        if (ended.state() == AddressState.UNANSWERED || !usage.inUse(address, named)) {
            forget(address);
            return;
        }
        long now = clock.now();
        if (ended.sought()) {
            if (!refreshing.contains(address)) {
                refreshes.add(address);
            }
        } else if (now > ended.ends() + settings.grace().toNanos()
                || waiting.offer(address) == Admission.REFUSED) {
            counts.add(Kind.REVERSE, Result.REFUSED);
            forget(address);
            return;
        }
        known.put(ended.dueAt(now + SECOND, ended.failures()));
    }

    private void forget(Address address) {
        known.remove(address);
        refreshes.remove(address);
        changed.run();
    }

    private void refresh() {
        Iterator<Address> first = refreshes.iterator();
        Address address = first.next();
        first.remove();
        refreshing.add(address);
        start(address);
    }

    private void start(Address address) {
        lookup.ask(address, () -> bucket.take(clock.now()))
                .thenAccept(reply -> settled(address, reply))
                .exceptionally(failure -> {
                    LOG.error("event=lookup_failed address={}", address, failure);
                    return null;
                });
    }

    private void settled(Address address, Reply<String> reply) {
        counts.add(Kind.REVERSE, reply);
        refreshing.remove(address);
        try {
            if (!patterns.isEmpty()) {
                settle(address, reply);
            }
        } finally {
            // Not before it is known: it would be asked for again.
            waiting.done(address);
            wake.run();
        }
    }

    private void settle(Address address, Reply<String> reply) {
        Optional<KnownAddress> before = known.get(address);
        long now = clock.now();
        if (reply instanceof Answer<String> answer) {
            Duration kept =
                    answer.values().isEmpty()
                            ? settings.keptNegative(answer.ttl())
                            : settings.kept(answer.ttl());
            long ends = now + kept.toNanos();
            boolean sought = isSought(answer.values());
            Optional<Set<String>> names = Optional.of(answer.values());
            know(before, new KnownAddress(address, names, sought, ends, ends, 0));
        } else if (before.isPresent()
                && before.get().names().isPresent()
                && now <= before.get().ends() + settings.grace().toNanos()) {
            int failures = before.get().failures() + 1;
            long pause = SECOND << Math.min(failures - 1, MOST_BACK_OFF);
            known.put(before.get().dueAt(now + pause, failures));
        } else {
            long ends = now + settings.unansweredFor().toNanos();
            know(before, new KnownAddress(address, Optional.empty(), false, ends, ends, 0));
        }
    }

    private void know(Optional<KnownAddress> before, KnownAddress answer) {
        if (!known.put(answer)) {
            counts.add(Kind.REVERSE, Result.REFUSED);
        } else if (!before.map(KnownAddress::names).equals(Optional.of(answer.names()))) {
            changed.run();
        }
    }

    /** What DNS has said, from any thread; an address that was not asked for is not there. */
    Map<Address, Optional<Set<String>>> all() {
        Map<Address, Optional<Set<String>>> all = new HashMap<>();
        known.all().forEach(answer -> all.put(answer.address(), answer.names()));
        return all;
    }

    /** How many addresses are known so, from any thread. */
    long count(AddressState state) {
        return known.all().stream().filter(answer -> answer.state() == state).count();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.agent.names.LookupCounts.Kind;
import dev.portcullis.agent.names.Reply.Answer;
import dev.portcullis.agent.names.Reply.Silence;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;

/**
 * Exact host names, each asked for again in each family when its TTL ends. When DNS fails, the last
 * answer stays, and it is asked again with growing pauses.
 *
 * <p>One thread writes; any may read.
 */
final class HostNames {
    private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);

    private static final int AT_ONCE = 64;
    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();

    /** Doublings of the pause: at most 64 s. */
    private static final int MOST_BACK_OFF = 6;

    /** How long a name that a transaction asked for may wait until its rules are followed. */
    private static final long WELCOME = Duration.ofMinutes(1).toNanos();

    private final DnsSettings settings;
    private final Questions dns;
    private final LookupCounts counts;
    private final Runnable changed;
    private final Runnable wake;
    private final Clock clock;
    private final Map<HostQuestion, HostAnswer> answers = new ConcurrentHashMap<>();

    /** All but those that are being asked for. */
    private final TreeSet<HostAnswer> due = new TreeSet<>(HostAnswer.BY_DUE);

    private final Set<HostQuestion> asking = new HashSet<>();
    private final Map<HostQuestion, CompletableFuture<Void>> awaited = new HashMap<>();
    private final Map<String, Long> guests = new HashMap<>();
    private volatile Set<String> followed = Set.of();

    HostNames(
            DnsSettings settings,
            Questions dns,
            LookupCounts counts,
            Runnable changed,
            Runnable wake,
            Clock clock) {
        this.settings = settings;
        this.dns = dns;
        this.counts = counts;
        this.changed = changed;
        this.wake = wake;
        this.clock = clock;
    }

    void follow(Set<String> names) {
        followed = names;
        guests.keySet().removeAll(names);
        forget();
        questions(names).forEach(this::want);
    }

    /** Forgets the names that nobody wants any more. */
    private void forget() {
        for (HostQuestion question : List.copyOf(answers.keySet())) {
            if (!isWanted(question)) {
                due.remove(answers.remove(question));
                release(question);
            }
        }
    }

    /** Nobody has to wait for it any more. */
    private void release(HostQuestion question) {
        CompletableFuture<Void> waiter = awaited.remove(question);
        if (waiter != null) {
            waiter.complete(null);
        }
    }

    private boolean isWanted(HostQuestion question) {
        return followed.contains(question.name())
                || guests.getOrDefault(question.name(), Long.MIN_VALUE) > clock.now();
    }

    private static Stream<HostQuestion> questions(Set<String> names) {
        return names.stream()
                .flatMap(name ->
                        Stream.of(Family.values()).map(family -> new HostQuestion(name, family)));
    }

    private HostAnswer want(HostQuestion question) {
        HostAnswer known = answers.get(question);
        if (known != null) {
            return known;
        }
        HostAnswer unasked = HostAnswer.unasked(question, clock.now());
        put(unasked);
        return unasked;
    }

    private void put(HostAnswer answer) {
        HostAnswer before = answers.put(answer.question(), answer);
        if (before != null) {
            due.remove(before);
        }
        if (!asking.contains(answer.question())) {
            due.add(answer);
        }
    }

    /**
     * Asks now for those that have no answer yet. They are kept fresh for a minute, even if no rule
     * comes that has them followed.
     *
     * @return done when each was answered or failed
     */
    CompletableFuture<Void> resolve(Set<String> names) {
        long until = clock.now() + WELCOME;
        guests.values().removeIf(ended -> ended < clock.now());
        names.stream().filter(name -> !followed.contains(name)).forEach(n -> guests.put(n, until));
        List<CompletableFuture<Void>> open =
                questions(names)
                        .map(this::want)
                        .filter(answer -> answer.addresses().isEmpty())
                        .map(this::hurry)
                        .toList();
        wake.run();
        return CompletableFuture.allOf(open.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> hurry(HostAnswer answer) {
        put(answer.dueAt(clock.now()));
        return awaited.computeIfAbsent(answer.question(), question -> new CompletableFuture<>());
    }

    /** Takes over what an earlier book knew, until each name is asked for again or forgotten. */
    void restore(List<HostAnswer> earlier) {
        earlier.forEach(this::put);
    }

    /** Every answer, from any thread. */
    List<HostAnswer> answered() {
        return answers.values().stream()
                .filter(answer -> answer.addresses().isPresent())
                .sorted(HostAnswer.BY_NAME)
                .toList();
    }

    /** Does what is due. Returns when to come again, on the clock. */
    long round() {
        while (!due.isEmpty() && asking.size() < AT_ONCE) {
            if (due.first().due() > clock.now()) {
                return due.first().due();
            }
            HostQuestion question = due.pollFirst().question();
            if (isWanted(question)) {
                asking.add(question);
                start(question);
            } else {
                answers.remove(question);
                release(question);
            }
        }
        return Long.MAX_VALUE;
    }

    private void start(HostQuestion question) {
        ask(question)
                .thenAccept(reply -> settled(question, reply))
                .exceptionally(failure -> {
                    LOG.error("event=lookup_failed name={}", question.name(), failure);
                    return null;
                });
    }

    private CompletableFuture<Reply<Address>> ask(HostQuestion question) {
        Optional<Name> name = DomainName.parse(question.name());
        return name.isPresent()
                ? dns.addresses(name.get(), question.family(), () -> {})
                : CompletableFuture.completedFuture(
                        new Answer<>(Set.of(), settings.longestNegativeTtl()));
    }

    private void settled(HostQuestion question, Reply<Address> reply) {
        counts.add(Kind.FORWARD, reply);
        asking.remove(question);
        HostAnswer before = answers.get(question);
        if (before != null) {
            settle(before, reply);
        }
        release(question);
        wake.run();
    }

    private void settle(HostAnswer before, Reply<Address> reply) {
        boolean wasWell = isWell(before.question().name());
        if (reply instanceof Answer<Address> answer) {
            Duration kept =
                    answer.values().isEmpty()
                            ? settings.keptNegative(answer.ttl())
                            : settings.kept(answer.ttl());
            put(before.answered(answer.values(), clock.now() + kept.toNanos()));
            if (!before.current().equals(answer.values())) {
                changed.run();
            }
        } else {
            String problem = ((Silence<Address>) reply).problem();
            long pause = FIRST_PAUSE << Math.min(before.failures(), MOST_BACK_OFF);
            put(before.failed(problem, clock.now() + pause));
        }
        tell(before.question().name(), wasWell);
    }

    private boolean isWell(String name) {
        return Stream.of(Family.values())
                .map(family -> answers.get(new HostQuestion(name, family)))
                .allMatch(answer -> answer == null || answer.problem().isEmpty());
    }

    /** Once when DNS stops to answer for a name, and once when it does so again. */
    private void tell(String name, boolean wasWell) {
        boolean isWell = isWell(name);
        if (wasWell && !isWell) {
            HostState state = state(name);
            LOG.warn(
                    "event=name_unanswered name={} addresses={} problem=\"{}\"",
                    name,
                    state.addresses().size(),
                    state.problem());
        } else if (isWell && !wasWell) {
            LOG.info(
                    "event=name_answered name={} addresses={}",
                    name,
                    state(name).addresses().size());
        }
    }

    /** The addresses of each name that has any, from any thread. */
    Map<String, Set<Address>> all() {
        Map<String, Set<Address>> all = new HashMap<>();
        for (HostAnswer answer : answers.values()) {
            if (!answer.current().isEmpty()) {
                all.computeIfAbsent(answer.question().name(), name -> new HashSet<>())
                        .addAll(answer.current());
            }
        }
        return all;
    }

    /** How it stands with each name that is followed, in order of names, from any thread. */
    List<HostState> states() {
        return followed.stream().sorted().map(this::state).toList();
    }

    /** From any thread. */
    HostState state(String name) {
        Set<Address> addresses = new HashSet<>();
        String problem = "";
        boolean answered = true;
        for (Family family : Family.values()) {
            HostAnswer answer = answers.get(new HostQuestion(name, family));
            answered &= answer != null && answer.addresses().isPresent();
            if (answer != null) {
                addresses.addAll(answer.current());
                problem = answer.problem().isEmpty() ? problem : answer.problem();
            }
        }
        if (problem.isEmpty() && !answered) {
            problem = "has not been answered yet";
        } else if (problem.isEmpty() && addresses.isEmpty()) {
            problem = "has no address in DNS";
        }
        return new HostState(name, addresses, problem);
    }
}

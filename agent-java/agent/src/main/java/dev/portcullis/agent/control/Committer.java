// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.api.v1.Origin;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Session;
import dev.portcullis.policy.model.DesiredState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out transactions that somebody asked for: plans them first, when all is checked that can
 * be and nothing is changed, and commits what was planned.
 */
final class Committer {
    /** A line of the log begins with this name, by which operators look for it. */
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    /**
     * A transaction that nothing speaks against.
     *
     * @param begun when it was asked for, in the time of {@link System#nanoTime}
     */
    record Planned(
            Transaction transaction, WordsInForce.Prepared words, Dataplane.Plan plan, long begun) {
        private Duration took() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    private final Dataplane dataplane;
    private final InForce inForce;
    private final WordsInForce words;
    private final Supplier<List<Session>> sessions;
    private final Control.CommitListener listener;

    /**
     * @param sessions connections that a change must not cut
     */
    Committer(
            Dataplane dataplane,
            InForce inForce,
            WordsInForce words,
            Supplier<List<Session>> sessions,
            Control.CommitListener listener) {
        this.dataplane = dataplane;
        this.inForce = inForce;
        this.words = words;
        this.sessions = sessions;
        this.listener = listener;
    }

    /** This may wait for servers. */
    Planned plan(Transaction transaction) {
        long begun = System.nanoTime();
        DesiredState state = transaction.check(dataplane.hostAddresses());
        WordsInForce.Prepared prepared = words.prepareNext(state);
        if (!prepared.words().violations().isEmpty()) {
            throw Refusal.invalid(prepared.words().violations());
        }
        transaction.warn(prepared.words().warnings());
        words.requireRoom(prepared);
        Dataplane.Plan plan = words.plan(prepared);
        transaction.warn(TransactionCheck.idleWarnings(plan.idlePolicies()));
        return new Planned(transaction, prepared, plan, begun);
    }

    /** Warns of the connections that would stand against a commit. */
    void warnOfCuts(Planned planned, Terms terms) {
        planned.transaction.warn(
                inForce.cut(planned.plan, kept(terms)).stream()
                        .map(cut -> "this would cut " + cut + "; it takes --force")
                        .toList());
    }

    /** The connections that a change must not cut. */
    private List<Session> kept(Terms terms) {
        if (terms.force()) {
            return List.of();
        }
        List<Session> kept = new ArrayList<>(sessions.get());
        terms.connection().filter(own -> !kept.contains(own)).ifPresent(own -> kept.add(0, own));
        return kept;
    }

    /** To be called with the monitor of {@link Control}. */
    Outcome commit(Planned planned, Terms terms, Origin origin) {
        Transaction transaction = planned.transaction;
        long current = inForce.revision().number();
        Optional<Pending> pending = terms.confirmWithin().map(time -> Pending.of(current, time));
        Revision next =
                new Revision(
                        current + 1,
                        Instant.now(),
                        transaction.objects(),
                        planned.words.state(),
                        Optional.of(Origins.with(origin, transaction.plan())),
                        pending);
        CommitTerms commitTerms = new CommitTerms(pending.map(Pending::deadline), kept(terms));
        inForce.install(
                next,
                transaction.contents(),
                planned.plan,
                () -> commitToKernel(planned, commitTerms),
                this::goBackToDisk);
        words.follow(planned.words);
        listener.committed(true, planned.took());
        LOG.info(
                "event=committed revision={} generation={} action={} changes={} who=\"{}\" from=\"{}\" owner=\"{}\" prefixes={} confirm_by={} took_ms={}",
                next.number(),
                dataplane.generation(),
                origin.getAction(),
                transaction.plan().getChangesCount(),
                Origins.who(origin),
                origin.getAuthor().getFrom(),
                origin.getOwner(),
                planned.plan.prefixes(),
                pending.map(p -> p.until().toString()).orElse("none"),
                planned.took().toMillis());
        return new Outcome(next.number(), transaction.plan(), pending.map(Pending::until));
    }

    private void commitToKernel(Planned planned, CommitTerms terms) {
        try {
            inForce.commit(planned.plan, terms);
        } catch (Refusal e) {
            listener.committed(false, planned.took());
            LOG.error("event=commit_failed error=\"{}\"", e.getMessage());
            throw e;
        }
    }

    private void goBackToDisk() {
        DesiredState state = inForce.revision().state();
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(state);
        }
        inForce.commit(inForce.plan(state, words.environment()), CommitTerms.NONE);
    }
}

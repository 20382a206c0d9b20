// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Deadline;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a revision that waits to be confirmed. At its deadline the kernel goes back by
 * itself, whether or not there is an agent, and the disk follows.
 *
 * <p>Its callers hold the lock of transactions, or nothing has begun yet.
 */
final class Confirmation {
    private static final Logger LOG = LoggerFactory.getLogger(Confirmation.class);

    private final Store store;
    private final Dataplane dataplane;
    private final Vocabulary vocabulary;
    private final WordRefresh refresh;
    private final InForce inForce;

    Confirmation(
            Store store,
            Dataplane dataplane,
            Vocabulary vocabulary,
            WordRefresh refresh,
            InForce inForce) {
        this.store = store;
        this.dataplane = dataplane;
        this.vocabulary = vocabulary;
        this.refresh = refresh;
        this.inForce = inForce;
    }

    /** What is to be confirmed goes on waiting, in a kernel that may know nothing of it. */
    Optional<Deadline> resume(StartPoint from) {
        Revision revision = inForce.revision();
        if (revision.pending().isEmpty()) {
            return Optional.empty();
        }
        if (from.before().isEmpty()) {
            LOG.error(
                    "event=nothing_to_go_back_to revision={} message=\"what revision {} held is not"
                            + " kept any more, so this one stays\"",
                    revision.number(),
                    revision.pending().get().before());
            inForce.stay();
            return Optional.empty();
        }
        Manifest before = from.before().get();
        if (dataplane.confirmBy().isPresent()) {
            dataplane.resume(StartPoint.decisions(before));
            return Optional.empty();
        }
        DesiredState state = Revision.load(store, before).state();
        Vocabulary.Prepared words = vocabulary.prepare(state);
        Environment environment = vocabulary.environment(words, dataplane.hostAddresses());
        inForce.commitBeneath(inForce.plan(state, environment));
        return revision.pending().map(Pending::deadline);
    }

    /**
     * Lets the revision stay.
     *
     * @param expected the one that has to be
     * @return its number
     * @throws Refusal if none waits, or it is too late
     */
    long confirm(OptionalLong expected, Author author) {
        Revision revision = inForce.revision();
        Pending pending =
                revision.pending()
                        .orElseThrow(() ->
                                new Refusal(
                                        Refusal.Cause.CONFLICT,
                                        "nothing waits to be confirmed; the revision is "
                                                + revision.number()));
        revision.requireNumber(expected);
        if (isTooLate()) {
            throw new Refusal(
                    Refusal.Cause.CONFLICT,
                    "it is too late: revision "
                            + revision.number()
                            + " was to be confirmed until "
                            + pending.until()
                            + ", and what revision "
                            + pending.before()
                            + " held is in force again; push it again");
        }
        synchronized (inForce) {
            // The disk first: should the agent die now, the next one makes the kernel follow.
            inForce.rewrite(revision.confirmed());
            dataplane.confirm();
        }
        LOG.info(
                "event=confirmed revision={} who=\"{}\" from=\"{}\"",
                revision.number(),
                author.name(),
                author.from());
        return revision.number();
    }

    /**
     * Whether the revision is not in force any more, and the disk does not say so yet: after its
     * deadline, or if the disk refused to take it back before.
     */
    boolean isTooLate() {
        return inForce.revision()
                .pending()
                .filter(pending -> pending.isOver() || dataplane.confirmBy().isEmpty())
                .isPresent();
    }

    /** What the revision before held becomes a revision of its own. */
    Outcome takeBack(Origin origin) {
        long number = inForce.revision().pending().orElseThrow().before();
        Manifest before =
                number == 0
                        ? Manifest.getDefaultInstance()
                        : InForce.stored(() -> store.revision(number)).orElseThrow();
        return takeBack(origin, Revision.load(store, before));
    }

    /** The same at the start of an agent, whose store has found the revision before. */
    Outcome takeBack(Manifest before) {
        return takeBack(Origins.notConfirmed(before.getRevision()), Revision.load(store, before));
    }

    private Outcome takeBack(Origin origin, Revision before) {
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(before.state());
        }
        Transaction transaction = new Transaction(inForce.revision(), store::read);
        transaction.restore(before.objects());
        long wordChanges = refresh.changes();
        Vocabulary.Prepared words = vocabulary.prepare(before.state());
        words.log();
        synchronized (inForce) {
            Environment environment = vocabulary.environment(words, dataplane.hostAddresses());
            Dataplane.Plan plan = inForce.plan(before.state(), environment);
            Revision next =
                    new Revision(
                            inForce.revision().number() + 1,
                            Instant.now(),
                            before.objects(),
                            before.state(),
                            Optional.of(Origins.with(origin, transaction.plan())),
                            Optional.empty());
            // Should the disk refuse, the kernel stays with this, and it is tried again.
            inForce.install(
                    next, Map.of(), plan, () -> inForce.commit(plan, CommitTerms.NONE), () -> {});
            vocabulary.follow(before.state(), words);
            refresh.stateChanged(wordChanges);
            LOG.warn(
                    "event=taken_back revision={} generation={} action=\"{}\" objects_of={} who=\"{}\"",
                    next.number(),
                    dataplane.generation(),
                    origin.getAction(),
                    before.number(),
                    Origins.who(origin));
            return new Outcome(next.number(), transaction.plan());
        }
    }
}

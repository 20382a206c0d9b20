// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.Deadline;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a revision that waits to be confirmed, and is not: it goes on waiting when the
 * agent starts anew, and in the end is taken back. At its deadline the kernel goes back by itself;
 * the disk follows.
 */
final class Confirmation {
    /** A line of the log begins with this name, by which operators look for it. */
    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    /**
     * What is ready to be taken back.
     *
     * @param transaction from the revision that waits to the one before
     */
    record Withdrawal(
            Origin origin, Revision before, Transaction transaction, WordsInForce.Prepared words) {}

    private final Store store;
    private final Dataplane dataplane;
    private final InForce inForce;
    private final WordsInForce words;

    Confirmation(Store store, Dataplane dataplane, InForce inForce, WordsInForce words) {
        this.store = store;
        this.dataplane = dataplane;
        this.inForce = inForce;
        this.words = words;
    }

    /**
     * What is to be confirmed goes on waiting, in a kernel that may know nothing of it. To be
     * called with the monitor of {@link Control}.
     *
     * @return the deadline that the next commit has to have
     */
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
        WordsInForce.Prepared prepared = words.prepare(Revision.load(store, before).state());
        try {
            dataplane.commitBeneath(words.plan(prepared));
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
        return revision.pending().map(Pending::deadline);
    }

    /**
     * Makes the kernel go back if it has not yet, and asks for the words of the revision before.
     * This may wait for servers.
     */
    Withdrawal prepare(Origin origin, Revision before) {
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(before.state());
        }
        Transaction transaction = new Transaction(inForce.revision(), store::read);
        transaction.restore(before.objects());
        WordsInForce.Prepared prepared = words.prepare(before.state());
        prepared.tell();
        return new Withdrawal(origin, before, transaction, prepared);
    }

    /**
     * What the revision before held becomes a revision of its own. To be called with the monitor of
     * {@link Control}.
     */
    Outcome takeBack(Withdrawal withdrawal) {
        Dataplane.Plan plan = words.plan(withdrawal.words);
        Revision next =
                new Revision(
                        inForce.revision().number() + 1,
                        Instant.now(),
                        withdrawal.before.objects(),
                        withdrawal.before.state(),
                        Optional.of(Origins.with(withdrawal.origin, withdrawal.transaction.plan())),
                        Optional.empty());
        // Should the disk refuse, the kernel stays with this, and it is tried again.
        inForce.install(
                next, Map.of(), plan, () -> inForce.commit(plan, CommitTerms.NONE), () -> {});
        words.follow(withdrawal.words);
        LOG.warn(
                "event=taken_back revision={} generation={} action=\"{}\" objects_of={} who=\"{}\"",
                next.number(),
                dataplane.generation(),
                withdrawal.origin.getAction(),
                withdrawal.before.number(),
                Origins.who(withdrawal.origin));
        return new Outcome(next.number(), withdrawal.transaction.plan());
    }
}

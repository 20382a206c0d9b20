// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.Deadline;
import dev.portcullis.dataplane.Session;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.validation.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where what is in force changes: because somebody asks for it ({@link Committer}), a
 * revision was not confirmed ({@link Confirmation}), or words or the host did ({@link
 * WordsInForce}, {@link InForce}). Here is decided which of these has its turn; the order in which
 * disk and kernel change is in {@link InForce}.
 */
public final class Control {
    /** Told about each commit. */
    public interface CommitListener {
        /**
         * @param took from the request until the kernel judged by it, or refused
         */
        void committed(boolean succeeded, Duration took);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Control.class);

    private final Store store;
    private final Dataplane dataplane;
    private final Vocabulary vocabulary;
    private final Supplier<List<Session>> sessions;
    private final InForce inForce;
    private final WordsInForce words;
    private final Confirmation confirmation;
    private final Committer committer;

    /**
     * Held over a whole transaction, which may wait for servers; the monitor of this object only
     * while something changes, so that the watchdog does not wait with it.
     */
    private final ReentrantLock transactions = new ReentrantLock();

    private Control(
            Store store,
            Dataplane dataplane,
            Vocabulary vocabulary,
            Quota quota,
            Supplier<Set<Integer>> sshPorts,
            CommitListener listener,
            Revision revision) {
        this.store = store;
        this.dataplane = dataplane;
        this.vocabulary = vocabulary;
        sessions = () -> Session.open(sshPorts.get());
        inForce = new InForce(store, dataplane, revision);
        words = new WordsInForce(vocabulary, dataplane, quota, inForce);
        confirmation = new Confirmation(store, dataplane, inForce, words);
        committer = new Committer(dataplane, inForce, words, sessions, listener);
    }

    /**
     * Makes the kernel judge by what the store holds.
     *
     * @param sshPorts local ports of connections that a change must not cut
     * @param force whether the start may cut them, by a failsafe list that was narrowed
     * @throws Refusal if that is not possible; the kernel judges as before
     */
    public static Control start(
            Store store,
            StartPoint from,
            Dataplane dataplane,
            Vocabulary vocabulary,
            Quota quota,
            Supplier<Set<Integer>> sshPorts,
            boolean force,
            CommitListener listener) {
        Control control =
                new Control(
                        store,
                        dataplane,
                        vocabulary,
                        quota,
                        sshPorts,
                        listener,
                        Revision.load(store, from.newest()));
        if (from.isTooLate()) {
            control.takeBackAtStart(from.before().orElseThrow());
        } else {
            control.begin(from, force);
        }
        return control;
    }

    private void takeBackAtStart(Manifest before) {
        vocabulary.onChange(this::wordsChanged);
        takeBack(Origins.notConfirmed(before.getRevision()), Revision.load(store, before));
    }

    private void begin(StartPoint from, boolean force) {
        WordsInForce.Prepared prepared = words.prepare(state());
        prepared.tell();
        synchronized (this) {
            // Before the words are asked for, so that no change of them is missed; it waits for us.
            vocabulary.onChange(this::wordsChanged);
            Optional<Deadline> confirmBy = confirmation.resume(from);
            // Only what an agent of the same version left can be compared with.
            boolean check = dataplane.isAdopted() && !force;
            words.takeUp(prepared, new CommitTerms(confirmBy, check ? sessions.get() : List.of()));
            if (pending().isEmpty() && dataplane.confirmBy().isPresent()) {
                // An agent before this one died between the kernel and the disk.
                dataplane.confirm();
            }
        }
    }

    /** Tries again to have what could not be had when the agent started. */
    public void retryMissing() {
        if (!words.areMissing() || inForce.isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            WordsInForce.Prepared prepared = words.prepare(state());
            synchronized (this) {
                words.takeUp(prepared, CommitTerms.NONE);
            }
        } finally {
            transactions.unlock();
        }
    }

    /** What an operator should know about the store and the words in the policies. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(store.damage().warnings());
        problems.addAll(words.problems());
        return problems;
    }

    private synchronized void wordsChanged() {
        words.changed();
    }

    /**
     * @throws Refusal if anything is wrong; nothing was changed then
     */
    public Outcome push(Push push, Author author) {
        return transact(
                transaction -> transaction.push(push),
                push.terms(),
                Origins.of("apply", author, push.owner()));
    }

    /**
     * @throws Refusal if anything is wrong; nothing was changed then
     */
    public Outcome remove(Removal removal, Author author) {
        return transact(
                transaction -> transaction.remove(removal),
                removal.terms(),
                Origins.of("delete", author, ""));
    }

    /**
     * @throws Refusal if anything is wrong; nothing was changed then
     */
    public Outcome associate(Attachment attachment, Author author) {
        return transact(
                transaction -> transaction.associate(attachment),
                attachment.terms(),
                Origins.of("associate", author, attachment.owner()));
    }

    /**
     * @throws Refusal if anything is wrong; nothing was changed then
     */
    public Outcome dissociate(Attachment attachment, Author author) {
        return transact(
                transaction -> transaction.dissociate(attachment),
                attachment.terms(),
                Origins.of("dissociate", author, attachment.owner()));
    }

    /**
     * While a revision waits to be confirmed, only that is taken back.
     *
     * @throws Refusal if anything is wrong; nothing was changed then
     */
    public RolledBack rollback(Rollback rollback, Author author) {
        transactions.lock();
        try {
            inForce.revision().requireNumber(rollback.terms().expectedRevision());
            Optional<Pending> pending = pending();
            if (pending.isPresent()
                    && rollback.to().orElse(pending.get().before()) == pending.get().before()
                    && !rollback.terms().dryRun()) {
                long to = pending.get().before();
                Outcome outcome = takeBack(Origins.rollback(author, to), inForce.before());
                return new RolledBack(outcome, to);
            }
            Manifest target = history().target(rollback.to());
            Outcome outcome =
                    transact(
                            transaction -> transaction.restore(Revision.objectsOf(target)),
                            rollback.terms(),
                            Origins.rollback(author, target.getRevision()));
            return new RolledBack(outcome, target.getRevision());
        } finally {
            transactions.unlock();
        }
    }

    /**
     * Lets the revision stay that waits to be confirmed.
     *
     * @param expected the one that has to be
     * @return its number
     * @throws Refusal if none waits, or it is too late
     */
    public long confirm(OptionalLong expected, Author author) {
        transactions.lock();
        try {
            Revision revision = inForce.revision();
            revision.requirePending();
            revision.requireNumber(expected);
            inForce.requireInTime();
            synchronized (this) {
                inForce.confirm();
            }
            LOG.info(
                    "event=confirmed revision={} who=\"{}\" from=\"{}\"",
                    revision.number(),
                    author.name(),
                    author.from());
            return revision.number();
        } finally {
            transactions.unlock();
        }
    }

    /**
     * Takes back what was not confirmed in time, as the kernel has done already. To be called
     * often.
     */
    public void followDeadline() {
        if (!inForce.isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            pending()
                    .map(Pending::before)
                    .ifPresent(to -> takeBack(Origins.notConfirmed(to), inForce.before()));
        } finally {
            transactions.unlock();
        }
    }

    private Outcome takeBack(Origin origin, Revision before) {
        Confirmation.Withdrawal withdrawal = confirmation.prepare(origin, before);
        synchronized (this) {
            return confirmation.takeBack(withdrawal);
        }
    }

    /** Set as long as the revision waits to be confirmed. */
    public Optional<Pending> pending() {
        return inForce.revision().pending();
    }

    public History history() {
        return new History(store, revision());
    }

    /**
     * What a push would change in verdicts; nothing is changed.
     *
     * @throws Refusal if anything is wrong
     */
    public Difference difference(Push push) {
        transactions.lock();
        try {
            inForce.revision().requireNumber(push.terms().expectedRevision());
            Transaction transaction = new Transaction(inForce.revision(), store::read);
            transaction.push(push);
            Committer.Planned planned = committer.plan(transaction);
            return new Difference(
                    new Outcome(revision(), transaction.plan()), dataplane.changes(planned.plan()));
        } finally {
            transactions.unlock();
        }
    }

    private Outcome transact(Consumer<Transaction> change, Terms terms, Origin origin) {
        transactions.lock();
        try {
            inForce.revision().requireNumber(terms.expectedRevision());
            if (!terms.dryRun()) {
                inForce.revision().requireNotPending();
            }
            Transaction transaction = new Transaction(inForce.revision(), store::read);
            change.accept(transaction);
            return carryOut(transaction, terms, origin);
        } finally {
            transactions.unlock();
        }
    }

    private Outcome carryOut(Transaction transaction, Terms terms, Origin origin) {
        Committer.Planned planned = committer.plan(transaction);
        if (transaction.changesNothing()) {
            return new Outcome(revision(), transaction.plan());
        }
        if (terms.dryRun()) {
            committer.warnOfCuts(planned, terms);
            return new Outcome(revision(), transaction.plan());
        }
        synchronized (this) {
            return committer.commit(planned, terms, origin);
        }
    }

    /** Follows the host's interfaces and addresses. */
    public synchronized void reconcile() {
        words.retry();
        if (inForce.reconcile()) {
            LOG.info(
                    "event=host_changed generation={} message=\"addresses or interfaces that"
                            + " resources name\"",
                    dataplane.generation());
        }
    }

    /** Stops judging; see {@link Dataplane#detach}. */
    public synchronized List<String> detach() {
        List<String> interfaces = dataplane.detach();
        LOG.warn(
                "event=detached interfaces={} message=\"nothing is judged any more\"",
                String.join(",", interfaces));
        return interfaces;
    }

    /** The state in force. */
    public DesiredState state() {
        return inForce.revision().state();
    }

    /** What the words in the state stand for. */
    public Environment environment() {
        return words.environment();
    }

    /**
     * The cgroups that a workload stands for at this moment, whether a resource names it or not.
     */
    List<Cgroup> cgroups(Workload workload) {
        return vocabulary.cgroups(workload);
    }

    public long revision() {
        return inForce.revision().number();
    }

    /** When the kernel got its rules. */
    public Instant committed() {
        return inForce.committed();
    }

    /** Objects of a kind and name as they are in force. */
    public Selection select(Optional<ObjectKind> kind, String name) {
        Revision current = inForce.revision();
        List<StoredObject> selected =
                current.objects().entrySet().stream()
                        .filter(entry -> kind.isEmpty() || kind.get() == entry.getKey().kind())
                        .filter(entry -> name.isEmpty() || name.equals(entry.getKey().name()))
                        .map(Map.Entry::getValue)
                        .toList();
        return new Selection(current.number(), selected, store::read);
    }
}

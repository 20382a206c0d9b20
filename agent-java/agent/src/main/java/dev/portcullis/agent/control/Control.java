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
 * The one place where what is in force changes: on the disk and in the kernel, in one order, or in
 * neither.
 *
 * <p>A transaction is written to the disk whole, then committed to the kernel, then made the newest
 * revision by a rename. If the agent dies before the commit, both are as they were; if it dies
 * between commit and rename, the next start goes back to the revision that the disk names, which
 * nobody was told is outdated.
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
    private final Quota quota;
    private final Supplier<Set<Integer>> sshPorts;
    private final CommitListener listener;

    /**
     * Held over a whole transaction, which may wait for servers; the monitor of {@link #inForce}
     * only while something changes, so that the watchdog does not wait with it.
     */
    private final ReentrantLock transactions = new ReentrantLock();

    private final WordRefresh refresh = new WordRefresh(this::takeUpWords, System::nanoTime);
    private final InForce inForce;
    private final Confirmation confirmation;

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
        this.quota = quota;
        this.sshPorts = sshPorts;
        this.listener = listener;
        inForce = new InForce(store, dataplane, revision);
        confirmation = new Confirmation(store, dataplane, vocabulary, refresh, inForce);
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
            vocabulary.onChange(control::wordsChanged);
            control.confirmation.takeBack(from.before().orElseThrow());
        } else {
            control.begin(from, force);
        }
        return control;
    }

    private void begin(StartPoint from, boolean force) {
        Vocabulary.Prepared prepared = vocabulary.prepare(state());
        prepared.log();
        synchronized (inForce) {
            // Before the words are asked for, so that no change of them is missed; it waits for us.
            vocabulary.onChange(this::wordsChanged);
            Optional<Deadline> confirmBy = confirmation.resume(from);
            // Only what an agent of the same version left can be compared with.
            boolean check = dataplane.isAdopted() && !force;
            takeUp(prepared, new CommitTerms(confirmBy, check ? sessions() : List.of()));
            if (pending().isEmpty() && dataplane.confirmBy().isPresent()) {
                // An agent before this one died between the kernel and the disk.
                dataplane.confirm();
            }
        }
    }

    private List<Session> sessions() {
        return Session.open(sshPorts.get());
    }

    /** Tries again to have what could not be had when the agent started. */
    public void retryMissing() {
        if (!vocabulary.isIncomplete() || confirmation.isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            long before = refresh.changes();
            Vocabulary.Prepared prepared = vocabulary.prepare(state());
            synchronized (inForce) {
                takeUp(prepared, CommitTerms.NONE);
                refresh.stateChanged(before);
            }
        } finally {
            transactions.unlock();
        }
    }

    /** Sets that can't be had hold nothing for now: the rules that don't name them count. */
    private void takeUp(Vocabulary.Prepared prepared, CommitTerms terms) {
        DesiredState state = state();
        Environment environment = vocabulary.environment(prepared, dataplane.hostAddresses());
        inForce.commit(inForce.plan(state, environment), terms);
        vocabulary.follow(state, prepared);
    }

    /** What an operator should know about the store and the words in the policies. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(store.damage().warnings());
        problems.addAll(vocabulary.problems());
        return problems;
    }

    private void wordsChanged() {
        synchronized (inForce) {
            refresh.wordsChanged();
        }
    }

    /** Makes the kernel judge by what the words in the policies stand for now. */
    private void takeUpWords() {
        if (confirmation.isTooLate()) {
            return;
        }
        Environment words = environment();
        Transaction.requireRoom(state(), words.sets(), quota);
        inForce.commit(inForce.plan(state(), words), CommitTerms.NONE);
        LOG.debug("event=words_changed generation={}", dataplane.generation());
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
                return new RolledBack(confirmation.takeBack(Origins.rollback(author, to)), to);
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
            return confirmation.confirm(expected, author);
        } finally {
            transactions.unlock();
        }
    }

    /**
     * Takes back what was not confirmed in time, as the kernel has done already. To be called
     * often.
     */
    public void followDeadline() {
        if (!confirmation.isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            pending()
                    .ifPresent(pending ->
                            confirmation.takeBack(Origins.notConfirmed(pending.before())));
        } finally {
            transactions.unlock();
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
            Planned planned = plan(transaction);
            return new Difference(
                    new Outcome(revision(), transaction.plan()), dataplane.changes(planned.plan));
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

    /**
     * @param wordChanges how many there had been when the words were asked for
     */
    private record Planned(
            DesiredState state, Vocabulary.Prepared words, Dataplane.Plan plan, long wordChanges) {}

    /** Checks all that can be checked, and changes nothing. */
    private Planned plan(Transaction transaction) {
        DesiredState state = transaction.check(dataplane.hostAddresses());
        long before = refresh.changes();
        Vocabulary.Prepared words = vocabulary.prepare(state(), state);
        if (!words.violations().isEmpty()) {
            throw Refusal.invalid(words.violations());
        }
        transaction.warn(words.warnings());
        Transaction.requireRoom(state, words.sets(), quota);
        Environment environment = vocabulary.environment(words, dataplane.hostAddresses());
        Dataplane.Plan planned = inForce.plan(state, environment);
        transaction.warn(TransactionCheck.idleWarnings(planned.idlePolicies()));
        return new Planned(state, words, planned, before);
    }

    private Outcome carryOut(Transaction transaction, Terms terms, Origin origin) {
        long begun = System.nanoTime();
        Planned planned = plan(transaction);
        if (terms.dryRun() || transaction.changesNothing()) {
            if (!transaction.changesNothing()) {
                transaction.warn(
                        inForce.cut(planned.plan, kept(terms)).stream()
                                .map(cut -> "this would cut " + cut + "; it takes --force")
                                .toList());
            }
            return new Outcome(revision(), transaction.plan());
        }
        synchronized (inForce) {
            return install(transaction, planned, terms, origin, begun);
        }
    }

    /** The connections that a change must not cut. */
    private List<Session> kept(Terms terms) {
        if (terms.force()) {
            return List.of();
        }
        List<Session> kept = new ArrayList<>(sessions());
        terms.connection().filter(own -> !kept.contains(own)).ifPresent(own -> kept.add(0, own));
        return kept;
    }

    private Outcome install(
            Transaction transaction, Planned planned, Terms terms, Origin origin, long begun) {
        Optional<Pending> pending = terms.confirmWithin().map(time -> Pending.of(revision(), time));
        Revision next =
                new Revision(
                        revision() + 1,
                        Instant.now(),
                        transaction.objects(),
                        planned.state,
                        Optional.of(Origins.with(origin, transaction.plan())),
                        pending);
        CommitTerms commitTerms = new CommitTerms(pending.map(Pending::deadline), kept(terms));
        inForce.install(
                next,
                transaction.contents(),
                planned.plan,
                () -> commitForPush(planned.plan, commitTerms, begun),
                this::goBackToDisk);
        vocabulary.follow(planned.state, planned.words);
        refresh.stateChanged(planned.wordChanges);
        listener.committed(true, since(begun));
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
                since(begun).toMillis());
        return new Outcome(next.number(), transaction.plan(), pending.map(Pending::until));
    }

    private void commitForPush(Dataplane.Plan planned, CommitTerms terms, long begun) {
        try {
            inForce.commit(planned, terms);
        } catch (Refusal e) {
            listener.committed(false, since(begun));
            LOG.error("event=commit_failed error=\"{}\"", e.getMessage());
            throw e;
        }
    }

    private void goBackToDisk() {
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(state());
        }
        inForce.commit(inForce.plan(state(), environment()), CommitTerms.NONE);
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** Follows the host's interfaces and addresses. */
    public void reconcile() {
        synchronized (inForce) {
            refresh.retry();
            if (dataplane.reconcile()) {
                inForce.hostChanged();
                LOG.info(
                        "event=host_changed generation={} message=\"addresses or interfaces that"
                                + " resources name\"",
                        dataplane.generation());
            }
        }
    }

    /** Stops judging; see {@link Dataplane#detach}. */
    public List<String> detach() {
        synchronized (inForce) {
            List<String> interfaces = dataplane.detach();
            LOG.warn(
                    "event=detached interfaces={} message=\"nothing is judged any more\"",
                    String.join(",", interfaces));
            return interfaces;
        }
    }

    /** The state in force. */
    public DesiredState state() {
        return inForce.revision().state();
    }

    /** What the words in the state stand for. */
    public Environment environment() {
        return vocabulary.environment(dataplane.hostAddresses());
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

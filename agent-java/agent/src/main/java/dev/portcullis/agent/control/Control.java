// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.agent.v1.StoredObject;
import dev.portcullis.api.v1.Origin;
import dev.portcullis.compiler.CompileException;
import dev.portcullis.dataplane.CapacityException;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.CutSession;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.Deadline;
import dev.portcullis.dataplane.LockoutException;
import dev.portcullis.dataplane.Session;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.validation.Quota;
import dev.portcullis.policy.validation.Violation;
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
     * Held over a whole transaction, which may wait for servers; the monitor of this object only
     * while something changes, so that the watchdog does not wait with it.
     */
    private final ReentrantLock transactions = new ReentrantLock();

    /** Address sets of the stored state that could not be had when the agent started. */
    private volatile List<String> missing = List.of();

    private final WordRefresh refresh = new WordRefresh(this::takeUpWords, System::nanoTime);
    private volatile Revision revision;
    private volatile Instant committed = Instant.now();

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
        this.revision = revision;
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

    private void begin(StartPoint from, boolean force) {
        Vocabulary.Prepared prepared = vocabulary.prepare(revision.state());
        tell(prepared);
        synchronized (this) {
            // Before the words are asked for, so that no change of them is missed; it waits for us.
            vocabulary.onChange(this::wordsChanged);
            Optional<Deadline> confirmBy = resume(from);
            // Only what an agent of the same version left can be compared with.
            boolean check = dataplane.isAdopted() && !force;
            takeUp(prepared, new CommitTerms(confirmBy, check ? sessions() : List.of()));
            if (revision.pending().isEmpty() && dataplane.confirmBy().isPresent()) {
                // An agent before this one died between the kernel and the disk.
                dataplane.confirm();
            }
        }
    }

    /** What is to be confirmed goes on waiting, in a kernel that may know nothing of it. */
    private Optional<Deadline> resume(StartPoint from) {
        if (revision.pending().isEmpty()) {
            return Optional.empty();
        }
        if (from.before().isEmpty()) {
            LOG.error(
                    "event=nothing_to_go_back_to revision={} message=\"what revision {} held is not"
                            + " kept any more, so this one stays\"",
                    revision.number(),
                    revision.pending().get().before());
            revision = revision.confirmed();
            return Optional.empty();
        }
        Manifest before = from.before().get();
        if (dataplane.confirmBy().isPresent()) {
            dataplane.resume(StartPoint.decisions(before));
            return Optional.empty();
        }
        DesiredState state = Revision.load(store, before).state();
        Vocabulary.Prepared words = vocabulary.prepare(state);
        try {
            dataplane.commitBeneath(
                    plan(state, vocabulary.environment(words, dataplane.hostAddresses())));
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
        return revision.pending().map(Pending::deadline);
    }

    private static void tell(Vocabulary.Prepared prepared) {
        prepared.warnings().forEach(w -> LOG.warn("event=start_warning message=\"{}\"", w));
        prepared.violations()
                .forEach(v -> LOG.error("event=address_set_missing message=\"{}\"", v));
    }

    private List<Session> sessions() {
        return Session.open(sshPorts.get());
    }

    /** Tries again to have what could not be had when the agent started. */
    public void retryMissing() {
        if (missing.isEmpty() || isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            long before = refresh.changes();
            Vocabulary.Prepared prepared = vocabulary.prepare(revision.state());
            synchronized (this) {
                takeUp(prepared, CommitTerms.NONE);
                refresh.stateChanged(before);
            }
        } finally {
            transactions.unlock();
        }
    }

    /** Sets that can't be had hold nothing for now: the rules that don't name them count. */
    private void takeUp(Vocabulary.Prepared prepared, CommitTerms terms) {
        DesiredState state = revision.state();
        commit(plan(state, vocabulary.environment(prepared, dataplane.hostAddresses())), terms);
        vocabulary.follow(state, prepared);
        missing = prepared.violations().stream().map(Violation::toString).toList();
    }

    /** What an operator should know about the store and the words in the policies. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>(store.damage().warnings());
        problems.addAll(missing);
        problems.addAll(vocabulary.problems());
        return problems;
    }

    private synchronized void wordsChanged() {
        refresh.wordsChanged();
    }

    /** Makes the kernel judge by what the words in the policies stand for now. */
    private void takeUpWords() {
        if (isTooLate()) {
            return;
        }
        Environment words = environment();
        Transaction.requireRoom(revision.state(), words.sets(), quota);
        commit(plan(revision.state(), words), CommitTerms.NONE);
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
            expect(rollback.terms().expectedRevision());
            Optional<Pending> pending = revision.pending();
            if (pending.isPresent()
                    && rollback.to().orElse(pending.get().before()) == pending.get().before()
                    && !rollback.terms().dryRun()) {
                long to = pending.get().before();
                return new RolledBack(takeBack(Origins.rollback(author, to)), to);
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
            Pending pending =
                    revision.pending()
                            .orElseThrow(() ->
                                    new Refusal(
                                            Refusal.Cause.CONFLICT,
                                            "nothing waits to be confirmed; the revision is "
                                                    + revision.number()));
            expect(expected);
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
            synchronized (this) {
                // The disk first: should the agent die now, the next one makes the kernel follow.
                rewrite(revision.confirmed());
                dataplane.confirm();
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

    /** The same revision, with something else known of it. */
    private void rewrite(Revision next) {
        stored(() -> {
            store.prepare(next.manifest(dataplane.decisions().toBytes()), Map.of()).publish();
            return true;
        });
        revision = next;
    }

    /**
     * Takes back what was not confirmed in time, as the kernel has done already. To be called
     * often.
     */
    public void followDeadline() {
        if (!isTooLate() || !transactions.tryLock()) {
            return;
        }
        try {
            revision.pending()
                    .ifPresent(pending -> takeBack(Origins.notConfirmed(pending.before())));
        } finally {
            transactions.unlock();
        }
    }

    /**
     * Whether the revision that was to be confirmed is not in force any more, and the disk does not
     * say so yet: after its deadline, or if the disk refused to take it back before.
     */
    private boolean isTooLate() {
        return revision.pending()
                .filter(pending -> pending.isOver() || dataplane.confirmBy().isEmpty())
                .isPresent();
    }

    private void takeBackAtStart(Manifest before) {
        vocabulary.onChange(this::wordsChanged);
        takeBack(Origins.notConfirmed(before.getRevision()), Revision.load(store, before));
    }

    /** What the revision before the one that waits held, as a revision of its own. */
    private Outcome takeBack(Origin origin) {
        long number = revision.pending().orElseThrow().before();
        Manifest before =
                number == 0
                        ? Manifest.getDefaultInstance()
                        : stored(() -> store.revision(number)).orElseThrow();
        return takeBack(origin, Revision.load(store, before));
    }

    private Outcome takeBack(Origin origin, Revision before) {
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(before.state());
        }
        Transaction transaction = new Transaction(revision, store::read);
        transaction.restore(before.objects());
        long wordChanges = refresh.changes();
        Vocabulary.Prepared words = vocabulary.prepare(before.state());
        tell(words);
        synchronized (this) {
            Environment environment = vocabulary.environment(words, dataplane.hostAddresses());
            Dataplane.Plan plan = plan(before.state(), environment);
            Revision next =
                    new Revision(
                            revision.number() + 1,
                            Instant.now(),
                            before.objects(),
                            before.state(),
                            Optional.of(Origins.with(origin, transaction.plan())),
                            Optional.empty());
            // Should the disk refuse, the kernel stays with this, and it is tried again.
            install(next, Map.of(), plan, () -> commit(plan, CommitTerms.NONE), () -> {});
            vocabulary.follow(before.state(), words);
            refresh.stateChanged(wordChanges);
            missing = words.violations().stream().map(Violation::toString).toList();
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

    /** Set as long as the revision waits to be confirmed. */
    public Optional<Pending> pending() {
        return revision.pending();
    }

    public History history() {
        return new History(store, revision.number());
    }

    /**
     * What a push would change in verdicts; nothing is changed.
     *
     * @throws Refusal if anything is wrong
     */
    public Difference difference(Push push) {
        transactions.lock();
        try {
            expect(push.terms().expectedRevision());
            Transaction transaction = new Transaction(revision, store::read);
            transaction.push(push);
            Planned planned = plan(transaction);
            return new Difference(
                    new Outcome(revision.number(), transaction.plan()),
                    dataplane.changes(planned.plan));
        } finally {
            transactions.unlock();
        }
    }

    private Outcome transact(Consumer<Transaction> change, Terms terms, Origin origin) {
        transactions.lock();
        try {
            expect(terms.expectedRevision());
            if (!terms.dryRun()) {
                requireNothingPending();
            }
            Transaction transaction = new Transaction(revision, store::read);
            change.accept(transaction);
            return carryOut(transaction, terms, origin);
        } finally {
            transactions.unlock();
        }
    }

    private void requireNothingPending() {
        revision.pending()
                .ifPresent(pending -> {
                    throw new Refusal(
                            Refusal.Cause.CONFLICT,
                            "revision "
                                    + revision.number()
                                    + revision.origin()
                                            .map(o -> " " + Origins.sentence(o))
                                            .orElse("")
                                    + " waits to be confirmed until "
                                    + pending.until()
                                    + "; confirm it (\"portcullis confirm\") or take it back"
                                    + " (\"portcullis rollback\") first");
                });
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
        Vocabulary.Prepared words = vocabulary.prepare(revision.state(), state);
        if (!words.violations().isEmpty()) {
            throw Refusal.invalid(words.violations());
        }
        transaction.warn(words.warnings());
        Transaction.requireRoom(state, words.sets(), quota);
        Environment environment = vocabulary.environment(words, dataplane.hostAddresses());
        Dataplane.Plan planned = plan(state, environment);
        transaction.warn(TransactionCheck.idleWarnings(planned.idlePolicies()));
        return new Planned(state, words, planned, before);
    }

    private void expect(OptionalLong expected) {
        if (expected.isPresent() && expected.getAsLong() != revision.number()) {
            throw new Refusal(
                    Refusal.Cause.OUTDATED,
                    "the revision is "
                            + Long.toUnsignedString(revision.number())
                            + " since "
                            + revision.time()
                            + revision.origin().map(o -> " " + Origins.sentence(o)).orElse("")
                            + ", and "
                            + Long.toUnsignedString(expected.getAsLong())
                            + " was expected; look at what changed (\"portcullis history\"), and push"
                            + " again");
        }
    }

    private Outcome carryOut(Transaction transaction, Terms terms, Origin origin) {
        long begun = System.nanoTime();
        Planned planned = plan(transaction);
        if (terms.dryRun() || transaction.changesNothing()) {
            if (!transaction.changesNothing()) {
                transaction.warn(
                        cut(planned.plan, kept(terms)).stream()
                                .map(cut -> "this would cut " + cut + "; it takes --force")
                                .toList());
            }
            return new Outcome(revision.number(), transaction.plan());
        }
        return carryOut(transaction, planned, terms, origin, begun);
    }

    private List<CutSession> cut(Dataplane.Plan planned, List<Session> sessions) {
        try {
            return dataplane.cut(planned, sessions);
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
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

    private synchronized Outcome carryOut(
            Transaction transaction, Planned planned, Terms terms, Origin origin, long begun) {
        Optional<Pending> pending =
                terms.confirmWithin().map(time -> Pending.of(revision.number(), time));
        Revision next =
                new Revision(
                        revision.number() + 1,
                        Instant.now(),
                        transaction.objects(),
                        planned.state,
                        Optional.of(Origins.with(origin, transaction.plan())),
                        pending);
        CommitTerms commitTerms = new CommitTerms(pending.map(Pending::deadline), kept(terms));
        install(
                next,
                transaction.contents(),
                planned.plan,
                () -> commitForPush(planned.plan, commitTerms, begun),
                this::goBackToDisk);
        missing = List.of();
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
            commit(planned, terms);
        } catch (Refusal e) {
            listener.committed(false, since(begun));
            LOG.error("event=commit_failed error=\"{}\"", e.getMessage());
            throw e;
        }
    }

    /**
     * Makes a revision the one in force: on the disk but for its name, in the kernel, and by its
     * name.
     *
     * @param contents of those objects that may not be stored yet, by their hashes
     * @param commit to the kernel
     * @param ifNotNamed what to do in the kernel if the disk refuses even the rename
     */
    private void install(
            Revision next,
            Map<ByteString, byte[]> contents,
            Dataplane.Plan planned,
            Runnable commit,
            Runnable ifNotNamed) {
        Store.Prepared prepared =
                stored(() -> store.prepare(next.manifest(planned.decisions().toBytes()), contents));
        try {
            commit.run();
        } catch (Refusal e) {
            prepared.abandon();
            throw e;
        }
        try {
            stored(() -> {
                prepared.publish();
                return true;
            });
        } catch (Refusal e) {
            prepared.abandon();
            ifNotNamed.run();
            throw e;
        }
        revision = next;
    }

    private void goBackToDisk() {
        if (dataplane.confirmBy().isPresent()) {
            dataplane.revert(revision.state());
        }
        commit(plan(revision.state(), environment()), CommitTerms.NONE);
    }

    private Dataplane.Plan plan(DesiredState state, Environment words) {
        try {
            return dataplane.plan(state, words);
        } catch (CompileException e) {
            throw new Refusal(Refusal.Cause.CONFLICT, e);
        } catch (CapacityException e) {
            throw new Refusal(Refusal.Cause.TOO_MUCH, e);
        }
    }

    private void commit(Dataplane.Plan planned, CommitTerms terms) {
        try {
            dataplane.commit(planned, terms);
            committed = Instant.now();
        } catch (LockoutException e) {
            throw new Refusal(
                    Refusal.Cause.CONFLICT,
                    e.getMessage()
                            + "; nothing was changed: let them in, or use --force if that is"
                            + " meant");
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }

    private static <T> T stored(Supplier<T> write) {
        try {
            return write.get();
        } catch (StoreException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** Follows the host's interfaces and addresses. */
    public synchronized void reconcile() {
        refresh.retry();
        if (dataplane.reconcile()) {
            committed = Instant.now();
            // With the numbers of its decisions as they are now.
            rewrite(revision);
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
        return revision.state();
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
        return revision.number();
    }

    /** When the kernel got its rules. */
    public Instant committed() {
        return committed;
    }

    /** Objects of a kind and name as they are in force. */
    public Selection select(Optional<ObjectKind> kind, String name) {
        Revision current = revision;
        List<StoredObject> selected =
                current.objects().entrySet().stream()
                        .filter(entry -> kind.isEmpty() || kind.get() == entry.getKey().kind())
                        .filter(entry -> name.isEmpty() || name.equals(entry.getKey().name()))
                        .map(Map.Entry::getValue)
                        .toList();
        return new Selection(current.number(), selected, store::read);
    }
}

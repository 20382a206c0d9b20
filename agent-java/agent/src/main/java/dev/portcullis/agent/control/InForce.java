// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.store.StoreException;
import dev.portcullis.agent.v1.Manifest;
import dev.portcullis.compiler.CompileException;
import dev.portcullis.dataplane.CapacityException;
import dev.portcullis.dataplane.CommitTerms;
import dev.portcullis.dataplane.CutSession;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.DataplaneException;
import dev.portcullis.dataplane.LockoutException;
import dev.portcullis.dataplane.Session;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The revision in force, which disk and kernel come to hold in one order, or neither does.
 *
 * <p>It is written to the disk whole, then committed to the kernel, then made the newest revision
 * by a rename. If the agent dies before the commit, both are as they were; if it dies between
 * commit and rename, the next start goes back to the revision that the disk names, which nobody was
 * told is outdated.
 *
 * <p>What disk or kernel refuse is a {@link Refusal}. Whoever changes something here holds the
 * monitor of {@link Control}.
 */
final class InForce {
    private final Store store;
    private final Dataplane dataplane;
    private volatile Revision revision;
    private volatile Instant committed = Instant.now();

    InForce(Store store, Dataplane dataplane, Revision revision) {
        this.store = store;
        this.dataplane = dataplane;
        this.revision = revision;
    }

    Revision revision() {
        return revision;
    }

    /** When the kernel got its rules. */
    Instant committed() {
        return committed;
    }

    /** What comes back unless the revision is confirmed, which waits for that. */
    Revision before() {
        long number = revision.pending().orElseThrow().before();
        Manifest before =
                number == 0
                        ? Manifest.getDefaultInstance()
                        : stored(() -> store.revision(number)).orElseThrow();
        return Revision.load(store, before);
    }

    /**
     * Whether the revision that was to be confirmed is not in force any more, and the disk does not
     * say so yet: after its deadline, or if the disk refused to take it back before.
     */
    boolean isTooLate() {
        return tooLate().isPresent();
    }

    /**
     * @throws Refusal if it is too late to confirm the revision
     */
    void requireInTime() {
        tooLate()
                .ifPresent(pending -> {
                    throw new Refusal(
                            Refusal.Cause.CONFLICT,
                            "it is too late: revision "
                                    + revision.number()
                                    + " was to be confirmed until "
                                    + pending.until()
                                    + ", and what revision "
                                    + pending.before()
                                    + " held is in force again; push it again");
                });
    }

    private Optional<Pending> tooLate() {
        return revision.pending()
                .filter(pending -> pending.isOver() || dataplane.confirmBy().isEmpty());
    }

    Dataplane.Plan plan(DesiredState state, Environment words) {
        try {
            return dataplane.plan(state, words);
        } catch (CompileException e) {
            throw new Refusal(Refusal.Cause.CONFLICT, e);
        } catch (CapacityException e) {
            throw new Refusal(Refusal.Cause.TOO_MUCH, e);
        }
    }

    /** Which of some connections a plan would cut. */
    List<CutSession> cut(Dataplane.Plan planned, List<Session> sessions) {
        try {
            return dataplane.cut(planned, sessions);
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }

    /** Has the kernel judge by a plan; the disk is not told. */
    void commit(Dataplane.Plan planned, CommitTerms terms) {
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

    /**
     * Makes a revision the one in force: on the disk but for its name, in the kernel, and by its
     * name.
     *
     * @param contents of those objects that may not be stored yet, by their hashes
     * @param commit to the kernel
     * @param ifNotNamed what to do in the kernel if the disk refuses even the rename
     */
    void install(
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

    /** Lets the revision stay that waits to be confirmed. */
    void confirm() {
        // The disk first: should the agent die now, the next one makes the kernel follow.
        rewrite(revision.confirmed());
        dataplane.confirm();
    }

    /** The revision waits for nothing any more; the disk is told when it is next written. */
    void stay() {
        revision = revision.confirmed();
    }

    /**
     * Follows the host's interfaces and addresses.
     *
     * @return whether the kernel got other rules by that
     */
    boolean reconcile() {
        if (!dataplane.reconcile()) {
            return false;
        }
        committed = Instant.now();
        // With the numbers of its decisions as they are now.
        rewrite(revision);
        return true;
    }

    /** The same revision, with something else known of it. */
    private void rewrite(Revision next) {
        stored(() -> {
            store.prepare(next.manifest(dataplane.decisions().toBytes()), Map.of()).publish();
            return true;
        });
        revision = next;
    }

    private static <T> T stored(Supplier<T> access) {
        try {
            return access.get();
        } catch (StoreException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import com.google.protobuf.ByteString;
import dev.portcullis.agent.store.Store;
import dev.portcullis.agent.store.StoreException;
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
import java.util.function.Supplier;

/**
 * The revision that is in force on the disk and in the kernel. Who changes it holds its monitor.
 * What goes wrong becomes a {@link Refusal}.
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

    Dataplane.Plan plan(DesiredState state, Environment words) {
        try {
            return dataplane.plan(state, words);
        } catch (CompileException e) {
            throw new Refusal(Refusal.Cause.CONFLICT, e);
        } catch (CapacityException e) {
            throw new Refusal(Refusal.Cause.TOO_MUCH, e);
        }
    }

    /** Which connections a plan would cut. */
    List<CutSession> cut(Dataplane.Plan planned, List<Session> sessions) {
        try {
            return dataplane.cut(planned, sessions);
        } catch (DataplaneException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }

    /** The kernel judges by a plan of this revision, or of one that is about to be installed. */
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

    /** Writes what the first commit is to fall back to. */
    void commitBeneath(Dataplane.Plan planned) {
        try {
            dataplane.commitBeneath(planned);
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

    /** The kernel has followed the host, by other numbers of decisions. */
    void hostChanged() {
        committed = Instant.now();
        rewrite(revision);
    }

    /** The same revision, with something else known of it. */
    void rewrite(Revision next) {
        stored(() -> {
            store.prepare(next.manifest(dataplane.decisions().toBytes()), Map.of()).publish();
            return true;
        });
        revision = next;
    }

    /** The revision waits for nothing any more; the disk is told with the next one. */
    void stay() {
        revision = revision.confirmed();
    }

    static <T> T stored(Supplier<T> access) {
        try {
            return access.get();
        } catch (StoreException e) {
            throw new Refusal(Refusal.Cause.UNAVAILABLE, e);
        }
    }
}

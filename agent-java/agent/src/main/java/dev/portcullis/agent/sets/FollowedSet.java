// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.agent.files.FileWatch;
import dev.portcullis.agent.files.RefreshThread;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A set that is in force, and its refresh. Everything that changes it happens in the one thread of
 * the refresher; servers are waited for elsewhere.
 */
final class FollowedSet {
    private static final Logger LOG = LoggerFactory.getLogger(FollowedSet.class);

    /**
     * What followed sets share.
     *
     * @param pause between two looks at a file
     * @param changed is called when a set holds something else than before
     */
    record Surroundings(
            Sources sources,
            Copies copies,
            RefreshThread thread,
            Duration pause,
            Runnable changed) {}

    private final AddressSet set;
    private final Definition definition;
    private final Surroundings surroundings;
    private final Problems problems;
    private SetCopy copy;
    private Instant lastSuccess;
    private State.Refreshes refreshes = State.Refreshes.NONE;
    private int failures;
    private boolean ended;

    FollowedSet(AddressSet set, SetCopy copy, Surroundings surroundings) {
        this.set = set;
        this.definition = Definition.of(set);
        this.copy = copy;
        this.lastSuccess = copy.read();
        this.surroundings = surroundings;
        this.problems = new Problems(set.name());
    }

    Definition definition() {
        return definition;
    }

    /** Whether following this set would be no different. */
    boolean follows(AddressSet other) {
        return definition.equals(Definition.of(other)) && set.origin().equals(other.origin());
    }

    synchronized SetCopy copy() {
        return copy;
    }

    synchronized SortedSet<Prefix> prefixes() {
        return copy.prefixes();
    }

    synchronized State state() {
        return new State(
                set.name(), copy.prefixes().size(), lastSuccess, problems.last(), refreshes);
    }

    /**
     * Begins to keep it fresh.
     *
     * @param stale whether it is to be read again at once
     */
    void start(boolean stale) {
        if (set.origin() instanceof AddressSet.Download download) {
            askAfter(stale ? Duration.ZERO : Backoff.delay(download.refresh(), 0), download);
        } else {
            Path path = ((AddressSet.LocalFile) set.origin()).path();
            new FileWatch(path, surroundings.pause(), this::refresh)
                    .start(surroundings.thread(), this::isEnded);
        }
    }

    synchronized void end() {
        ended = true;
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private void askAfter(Duration delay, AddressSet.Download download) {
        surroundings.thread().after(delay, () -> ask(download));
    }

    private void ask(AddressSet.Download download) {
        if (!isEnded()) {
            var unused =
                    surroundings
                            .sources()
                            .read(set, Optional.of(copy()))
                            .whenCompleteAsync(
                                    (read, failure) -> heard(read, failure, download),
                                    surroundings.thread());
        }
    }

    /** Whatever came of it, the server is asked again. */
    private void heard(Checked<SetCopy> read, Throwable failure, AddressSet.Download download) {
        try {
            if (failure == null) {
                take(read);
            } else {
                LOG.error("event=address_set_fault set={}", set.name(), failure);
            }
        } catch (RuntimeException e) {
            LOG.error("event=address_set_fault set={}", set.name(), e);
        } finally {
            askAfter(Backoff.delay(download.refresh(), failures), download);
        }
    }

    /** Of a file, which is read here and now. */
    private void refresh() {
        take(surroundings.sources().read(set, Optional.empty()).join());
    }

    private void take(Checked<SetCopy> read) {
        if (isEnded()) {
            return;
        }
        if (read.value().isPresent()) {
            succeeded(read.value().get(), read);
        } else {
            synchronized (this) {
                failures++;
                refreshes = refreshes.addFailed();
                problems.failed(read.violations());
            }
        }
    }

    private void succeeded(SetCopy now, Checked<SetCopy> read) {
        SetCopy before;
        boolean changed;
        synchronized (this) {
            before = copy;
            changed = !now.prefixes().equals(before.prefixes());
            copy = now;
            lastSuccess = Instant.now();
            failures = 0;
            refreshes = changed ? refreshes.addChanged() : refreshes.addUnchanged();
            problems.over();
        }
        if (changed || !now.validators().equals(before.validators())) {
            surroundings.copies().write(definition, now);
        }
        if (changed) {
            LOG.info(
                    "event=address_set_changed set={} prefixes={} before={}",
                    set.name(),
                    now.prefixes().size(),
                    before.prefixes().size());
            read.warnings()
                    .forEach(warning ->
                            LOG.warn(
                                    "event=address_set_warning set={} message=\"{}\"",
                                    set.name(),
                                    warning));
            surroundings.changed().run();
        }
    }
}

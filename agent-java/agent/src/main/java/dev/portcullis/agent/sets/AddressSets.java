// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.sets;

import dev.portcullis.agent.files.RefreshThread;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.validation.Checked;
import dev.portcullis.policy.validation.Violation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address sets of an agent. A transaction first {@linkplain #load loads} the sets that it
 * wants, and when it is committed has them {@linkplain #follow followed}; until the next commit
 * they are kept fresh. A source that is away or bad never takes a set's addresses away.
 *
 * <p>Below the state directory, {@code sets} has the last good copy of each, so that an agent
 * starts with its sets whatever their sources do.
 */
public final class AddressSets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressSets.class);

    private static final Duration LOOK_PAUSE = Duration.ofSeconds(1);

    private final Copies copies;
    private final Sources sources = new Sources();
    private final RefreshThread thread = new RefreshThread("address-sets");
    private final FollowedSet.Surroundings surroundings;

    private final SortedMap<String, FollowedSet> followed = new TreeMap<>();
    private final Map<Definition, Held> loaded = new HashMap<>();
    private boolean starting = true;
    private volatile Runnable listener = () -> {};

    /**
     * Content of a set that is not followed yet.
     *
     * @param stale whether it is from a copy, and the source has not been heard
     */
    private record Held(SetCopy copy, boolean stale) {}

    private AddressSets(Copies copies, Duration pause) {
        this.copies = copies;
        this.surroundings =
                new FollowedSet.Surroundings(sources, copies, thread, pause, this::tellListener);
    }

    /**
     * @param stateDirectory the agent's own; it is there already
     * @throws dev.portcullis.agent.store.StoreException if it can't be used
     */
    public static AddressSets open(Path stateDirectory) {
        return open(stateDirectory, LOOK_PAUSE);
    }

    /**
     * @param pause between two looks at a file
     */
    static AddressSets open(Path stateDirectory, Duration pause) {
        return new AddressSets(Copies.open(stateDirectory.resolve("sets")), pause);
    }

    /**
     * What these sets hold. Those in force are as they are now. One that is new or has changed is
     * read at once, in the thread that asks, which takes up to two minutes if a server dribbles; if
     * that fails and there is a copy of just this set, the copy is taken, with a warning. Before
     * the first {@link #follow}, which is when the agent starts, copies of downloads are taken
     * without asking.
     *
     * <p>Nothing in force changes by this.
     */
    public Loaded load(Collection<AddressSet> wanted) {
        Map<String, SortedSet<Prefix>> prefixes = new HashMap<>();
        List<AddressSet> unknown = new ArrayList<>();
        boolean copyIsEnough;
        synchronized (this) {
            copyIsEnough = starting;
            loaded.clear();
            for (AddressSet set : wanted) {
                FollowedSet known = followed.get(set.name());
                if (known != null && known.definition().equals(Definition.of(set))) {
                    prefixes.put(set.name(), known.prefixes());
                } else {
                    unknown.add(set);
                }
            }
        }
        // All servers are asked before the first is waited for.
        Map<AddressSet, CompletableFuture<Obtained>> asked = new LinkedHashMap<>();
        unknown.forEach(set -> asked.put(set, obtain(set, copyIsEnough)));
        List<Violation> violations = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        asked.forEach((set, future) -> {
            Obtained obtained = future.join();
            violations.addAll(obtained.violations);
            warnings.addAll(obtained.warnings);
            obtained.held.ifPresent(held -> {
                prefixes.put(set.name(), held.copy.prefixes());
                hold(Definition.of(set), held);
            });
        });
        return new Loaded(prefixes, violations, warnings);
    }

    /** What came of reading a set: something to hold, or violations. */
    private record Obtained(
            Optional<Held> held, List<Violation> violations, List<String> warnings) {}

    private CompletableFuture<Obtained> obtain(AddressSet set, boolean copyIsEnough) {
        Optional<SetCopy> kept = copies.read(Definition.of(set));
        if (copyIsEnough && kept.isPresent() && set.origin() instanceof AddressSet.Download) {
            Held held = new Held(kept.get(), true);
            return CompletableFuture.completedFuture(
                    new Obtained(Optional.of(held), List.of(), List.of()));
        }
        return sources.read(set, kept).thenApply(read -> obtained(read, kept));
    }

    private static Obtained obtained(Checked<SetCopy> read, Optional<SetCopy> kept) {
        if (read.value().isPresent()) {
            Held held = new Held(read.value().get(), false);
            return new Obtained(Optional.of(held), List.of(), read.warnings());
        }
        if (kept.isEmpty()) {
            return new Obtained(Optional.empty(), read.violations(), List.of());
        }
        List<String> warnings =
                read.violations().stream()
                        .map(violation ->
                                violation + "; the copy of " + kept.get().read() + " is used")
                        .toList();
        return new Obtained(Optional.of(new Held(kept.get(), true)), List.of(), warnings);
    }

    /** The copy comes before the commit, so that a crash after it finds the set. */
    private void hold(Definition definition, Held held) {
        if (!held.stale) {
            copies.write(definition, held.copy);
        }
        synchronized (this) {
            loaded.put(definition, held);
        }
    }

    /**
     * Keeps these sets fresh from now on, and no others. Copies of those that are not in force any
     * more are removed after a week.
     *
     * @param inForce sets that {@link #load} had no violations of
     */
    public synchronized void follow(Collection<AddressSet> inForce) {
        Map<String, FollowedSet> before = new HashMap<>(followed);
        followed.clear();
        for (AddressSet set : inForce) {
            FollowedSet known = before.get(set.name());
            if (known != null && known.follows(set)) {
                followed.put(set.name(), known);
                before.remove(set.name());
            } else {
                begin(set, Optional.ofNullable(known));
            }
        }
        before.values().forEach(FollowedSet::end);
        Set<Definition> used = new HashSet<>();
        followed.values().forEach(now -> used.add(now.definition()));
        copies.release(
                before.values().stream()
                        .map(FollowedSet::definition)
                        .filter(definition -> !used.contains(definition))
                        .toList());
        copies.removeOld(used);
        loaded.clear();
        starting = false;
    }

    private void begin(AddressSet set, Optional<FollowedSet> before) {
        Definition definition = Definition.of(set);
        Held held =
                before.filter(known -> known.definition().equals(definition))
                        .map(known -> new Held(known.copy(), false))
                        .or(() -> Optional.ofNullable(loaded.get(definition)))
                        .or(() -> copies.read(definition).map(copy -> new Held(copy, true)))
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "address set " + set.name() + " was not loaded"));
        FollowedSet begun = new FollowedSet(set, held.copy, surroundings);
        followed.put(set.name(), begun);
        begun.start(held.stale);
    }

    /** What the followed sets hold now, by name. */
    public synchronized SortedMap<String, SortedSet<Prefix>> prefixes() {
        SortedMap<String, SortedSet<Prefix>> prefixes = new TreeMap<>();
        followed.forEach((name, set) -> prefixes.put(name, set.prefixes()));
        return Collections.unmodifiableSortedMap(prefixes);
    }

    /** How the followed sets are, by name in order. */
    public synchronized List<State> states() {
        return followed.values().stream().map(FollowedSet::state).toList();
    }

    /**
     * @param changed is called after {@link #prefixes} became another by a refresh, from the
     *     refresher's thread and so never twice at a time; it may call anything here
     */
    public void onChange(Runnable changed) {
        listener = changed;
    }

    private void tellListener() {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("event=address_set_change_failed error=\"{}\"", e.getMessage(), e);
        }
    }

    /** Ends the refresh. Copies stay. */
    @Override
    public void close() {
        thread.close();
    }
}

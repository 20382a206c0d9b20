// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The answers about addresses, in bounded room. When it is full, answers without names give way
 * first, those that end soonest before others; then those with names that no rule seeks, which
 * whoever owns a reverse zone can make as many of as he likes. One with a name that a rule seeks
 * never gives way.
 *
 * <p>One thread writes; any may read. A reader of {@link #all} sees one moment, and holds the
 * writer up for as long as a copy takes: some milliseconds for 65,536 answers.
 */
final class KnownAddresses {
    private final int room;
    private final Map<Address, KnownAddress> known = new ConcurrentHashMap<>();
    private final TreeSet<KnownAddress> due = new TreeSet<>(KnownAddress.BY_DUE);
    private final TreeSet<KnownAddress> nameless = new TreeSet<>(KnownAddress.BY_DUE);
    private final TreeSet<KnownAddress> unsought = new TreeSet<>(KnownAddress.BY_DUE);
    private volatile boolean hasRoom = true;

    KnownAddresses(int room) {
        this.room = room;
    }

    boolean contains(Address address) {
        return known.containsKey(address);
    }

    Optional<KnownAddress> get(Address address) {
        return Optional.ofNullable(known.get(address));
    }

    synchronized List<KnownAddress> all() {
        return List.copyOf(known.values());
    }

    /** Whether an address that is not yet known could become so. */
    boolean hasRoom() {
        return hasRoom;
    }

    /**
     * In place of what was known of the address.
     *
     * @return false if there is no room
     */
    synchronized boolean put(KnownAddress answer) {
        if (!known.containsKey(answer.address()) && known.size() >= room && !makeRoom()) {
            return false;
        }
        KnownAddress before = known.put(answer.address(), answer);
        if (before != null) {
            unlist(before);
        }
        due.add(answer);
        if (answer.state() != AddressState.NAMED) {
            nameless.add(answer);
        } else if (!answer.sought()) {
            unsought.add(answer);
        }
        count();
        return true;
    }

    private boolean makeRoom() {
        TreeSet<KnownAddress> giving = nameless.isEmpty() ? unsought : nameless;
        return !giving.isEmpty() && remove(giving.first().address());
    }

    /** Whether it was known. */
    synchronized boolean remove(Address address) {
        KnownAddress gone = known.remove(address);
        if (gone == null) {
            return false;
        }
        unlist(gone);
        count();
        return true;
    }

    private void unlist(KnownAddress gone) {
        due.remove(gone);
        nameless.remove(gone);
        unsought.remove(gone);
    }

    private void count() {
        hasRoom = known.size() < room || !nameless.isEmpty() || !unsought.isEmpty();
    }

    synchronized void clear() {
        known.clear();
        due.clear();
        nameless.clear();
        unsought.clear();
        count();
    }

    /** Judges anew which names rules seek. */
    void seek(Predicate<KnownAddress> sought) {
        for (KnownAddress answer : all()) {
            boolean now = sought.test(answer);
            if (now != answer.sought()) {
                put(answer.sought(now));
            }
        }
    }

    /** Those whose time has come; each stays until something else is said of it. */
    List<KnownAddress> due(long now) {
        return due.stream().takeWhile(answer -> answer.due() <= now).toList();
    }

    /** When the next one is due. */
    long nextDue() {
        return due.isEmpty() ? Long.MAX_VALUE : due.first().due();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.names;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Addresses that wait to be looked up, and those that are being so. Networks (a /24 or a /64) have
 * their turns one after the other, however many addresses wait in each; when there is no room, the
 * network with the most waiting loses its last one to a network with fewer. Safe for threads; each
 * call takes a time that grows with the logarithm of the room at most.
 */
final class WaitingAddresses {
    private static final int NETWORK_IPV4 = 24;
    private static final int NETWORK_IPV6 = 64;

    private final int room;

    /** The one whose turn is next comes first. */
    private final Map<Prefix, Deque<Address>> networks = new LinkedHashMap<>();

    /** Networks by how many addresses wait in each. */
    private final TreeMap<Integer, Set<Prefix>> sizes = new TreeMap<>();

    private final Set<Address> waiting = new HashSet<>();
    private final Set<Address> taken = new HashSet<>();

    WaitingAddresses(int room) {
        this.room = room;
    }

    /** What became of an address. */
    enum Admission {
        /** It waits from now on. */
        ADMITTED,
        /** So it does, and another one no longer. */
        REPLACED,
        /** It did so already, or is being looked up. */
        PRESENT,
        REFUSED
    }

    synchronized Admission offer(Address address) {
        if (waiting.contains(address) || taken.contains(address)) {
            return Admission.PRESENT;
        }
        Prefix network = network(address);
        Admission admission = Admission.ADMITTED;
        if (waiting.size() >= room) {
            int own = networks.containsKey(network) ? networks.get(network).size() : 0;
            if (sizes.lastKey() <= own + 1) {
                return Admission.REFUSED;
            }
            Prefix largest = sizes.lastEntry().getValue().iterator().next();
            waiting.remove(shrink(largest, networks.get(largest), Deque::pollLast));
            admission = Admission.REPLACED;
        }
        waiting.add(address);
        Deque<Address> queue = networks.computeIfAbsent(network, n -> new ArrayDeque<>());
        if (!queue.isEmpty()) {
            unlist(network, queue.size());
        }
        queue.add(address);
        list(network, queue.size());
        return admission;
    }

    /** The next one; it counts as taken until {@link #done}. */
    synchronized Optional<Address> take() {
        if (networks.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<Prefix, Deque<Address>> first = networks.entrySet().iterator().next();
        Prefix network = first.getKey();
        Deque<Address> queue = first.getValue();
        Address address = shrink(network, queue, Deque::poll);
        if (networks.remove(network, queue)) {
            networks.put(network, queue);
        }
        waiting.remove(address);
        taken.add(address);
        return Optional.of(address);
    }

    private Address shrink(
            Prefix network, Deque<Address> queue, Function<Deque<Address>, Address> remove) {
        unlist(network, queue.size());
        Address gone = remove.apply(queue);
        if (queue.isEmpty()) {
            networks.remove(network);
        } else {
            list(network, queue.size());
        }
        return gone;
    }

    private void list(Prefix network, int size) {
        sizes.computeIfAbsent(size, s -> new LinkedHashSet<>()).add(network);
    }

    private void unlist(Prefix network, int size) {
        Set<Prefix> same = sizes.get(size);
        same.remove(network);
        if (same.isEmpty()) {
            sizes.remove(size);
        }
    }

    synchronized void done(Address address) {
        taken.remove(address);
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** How many are being looked up. */
    synchronized int taken() {
        return taken.size();
    }

    /** Nobody waits any more. */
    synchronized void clear() {
        waiting.clear();
        networks.clear();
        sizes.clear();
    }

    private static Prefix network(Address address) {
        return Prefix.of(address, address.family() == Family.IPV4 ? NETWORK_IPV4 : NETWORK_IPV6);
    }
}

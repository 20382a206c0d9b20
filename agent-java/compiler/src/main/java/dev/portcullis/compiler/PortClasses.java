// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ports and protocols that every resource and every failsafe entry treats alike share a class.
 * Class 0 is those that nobody names.
 */
final class PortClasses {
    /**
     * The protocols of the first columns of {@link AnyPort}, with an entry of the table that each
     * begins at.
     */
    private static final int[] TABLES = {
        PortTable.TCP, PortTable.UDP, PortTable.SCTP, PortTable.OTHER + 1, PortTable.OTHER
    };

    private static final int PORTS = 65_536;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /**
     * How a resource matches a class.
     *
     * @param named whether the entry names the protocol
     * @param width ports of the entry
     * @param remoteCluster whether the class is the resource's remote-cluster port, where that is
     *     judged apart
     * @param proxied whether what balancers send to it begins with a header
     */
    record Match(int resource, boolean named, int width, boolean remoteCluster, boolean proxied) {}

    /** What a class stands for. */
    record PortClass(List<Match> resources, List<Integer> failsafes) {}

    private final List<Resource> resources;
    private final Set<Integer> remoteClusters;
    private final List<Failsafe> failsafes;
    private final Map<PortClass, Integer> numbers = new LinkedHashMap<>();
    private final int[] table = new int[PortTable.END];

    /**
     * @param remoteClusters numbers of the resources whose remote-cluster port is judged apart
     */
    PortClasses(List<Resource> resources, Set<Integer> remoteClusters, List<Failsafe> failsafes) {
        this.resources = resources;
        this.remoteClusters = remoteClusters;
        this.failsafes = failsafes;
        numbers.put(new PortClass(List.of(), List.of()), 0);
        for (int number = 0; number < 256; number++) {
            Protocol protocol = number == ICMP || number == ICMPV6 ? Protocol.ICMP : Protocol.ANY;
            table[PortTable.OTHER + number] = number(protocol, Optional.empty());
        }
        fill(PortTable.TCP, Protocol.TCP);
        fill(PortTable.UDP, Protocol.UDP);
        fill(PortTable.SCTP, Protocol.SCTP);
    }

    /**
     * Between two neighbouring bounds every port matches the same entries, so one of them speaks
     * for all.
     */
    private void fill(int base, Protocol protocol) {
        TreeSet<Integer> bounds = new TreeSet<>(List.of(0, PORTS));
        for (Resource resource : resources) {
            resource.ports().forEach(match -> addBounds(bounds, match, protocol));
        }
        failsafes.forEach(failsafe -> addBounds(bounds, failsafe.match(), protocol));
        if (protocol == Protocol.TCP) {
            for (int resource : remoteClusters) {
                bounds.add(resources.get(resource).remoteClusterPort());
                bounds.add(resources.get(resource).remoteClusterPort() + 1);
            }
        }

        int from = 0;
        for (int to : bounds.tailSet(1)) {
            int number = number(protocol, Optional.of(from));
            Arrays.fill(table, base + from, base + to, number);
            from = to;
        }
    }

    private static void addBounds(Set<Integer> bounds, PortMatch match, Protocol protocol) {
        if (match.protocol() == protocol || match.protocol() == Protocol.ANY) {
            match.ports()
                    .ifPresent(range -> {
                        bounds.add(range.first());
                        bounds.add(range.last() + 1);
                    });
        }
    }

    private int number(Protocol protocol, Optional<Integer> port) {
        List<Match> matches = new ArrayList<>();
        for (int i = 0; i < resources.size(); i++) {
            best(i, protocol, port).ifPresent(matches::add);
        }
        List<Integer> safe = new ArrayList<>();
        for (int i = 0; i < failsafes.size(); i++) {
            if (matches(failsafes.get(i).match(), protocol, port)) {
                safe.add(i);
            }
        }
        int number = numbers.computeIfAbsent(new PortClass(matches, safe), key -> numbers.size());
        if (number > Character.MAX_VALUE) {
            throw new CompileException(
                    "the resources' ports overlap in more than 65,535 ways; use fewer, wider ranges");
        }
        return number;
    }

    private Optional<Match> best(int resource, Protocol protocol, Optional<Integer> port) {
        boolean remoteCluster =
                protocol == Protocol.TCP
                        && remoteClusters.contains(resource)
                        && port.equals(Optional.of(resources.get(resource).remoteClusterPort()));
        boolean proxied =
                protocol == Protocol.TCP && !resources.get(resource).balancers().isEmpty();
        Match best = null;
        for (PortMatch candidate : resources.get(resource).ports()) {
            if (matches(candidate, protocol, port)) {
                Match match =
                        new Match(
                                resource,
                                candidate.protocol() != Protocol.ANY,
                                candidate.width(),
                                remoteCluster,
                                proxied);
                if (best == null || compare(match, best) < 0) {
                    best = match;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The more specific match first. */
    static int compare(Match one, Match other) {
        return one.named != other.named
                ? (one.named ? -1 : 1)
                : Integer.compare(one.width, other.width);
    }

    private static boolean matches(PortMatch match, Protocol protocol, Optional<Integer> port) {
        if (match.protocol() != protocol && match.protocol() != Protocol.ANY) {
            return false;
        }
        return match.ports().isEmpty()
                || (port.isPresent() && match.ports().get().contains(port.get()));
    }

    /** Class numbers by {@link PortTable} entry. */
    ImmutableIntArray table() {
        return ImmutableIntArray.copyOf(table);
    }

    /**
     * By {@link AnyPort} column but the last: the classes that occur in that protocol. ICMP and the
     * other protocols have one each.
     */
    List<List<Integer>> byProtocol() {
        List<List<Integer>> byProtocol = new ArrayList<>();
        for (int from : TABLES) {
            int to = from >= PortTable.TCP ? from + PORTS : from + 1;
            byProtocol.add(Arrays.stream(table, from, to).distinct().boxed().toList());
        }
        return byProtocol;
    }

    /** What each class stands for, by number. */
    List<PortClass> classes() {
        return List.copyOf(numbers.keySet());
    }
}

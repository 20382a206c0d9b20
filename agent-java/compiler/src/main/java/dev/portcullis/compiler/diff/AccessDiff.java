// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler.diff;

import dev.portcullis.compiler.Image;
import dev.portcullis.compiler.PortTable;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Prefix;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the step from one image to another changes in verdicts, for whole packets of any kind that
 * begin something. A peer that is denied only in audit mode counts as allowed, because its packets
 * pass; one that waits for its name counts as denied.
 */
public final class AccessDiff {
    private static final int SAME = 0;
    private static final int GAINED = 1;
    private static final int LOST = 2;

    private record Change(String resource, List<Prefix> gained, List<Prefix> lost) {}

    private final Direction direction;
    private final Side before;
    private final Side after;
    private final EndpointPairs pairs;

    /** The classes before and after that some peer has. */
    private final Set<EndpointPairs.Pair> peers = new HashSet<>();

    private AccessDiff(Image before, Image after, Direction direction) {
        this.direction = direction;
        this.before = new Side(before, direction);
        this.after = new Side(after, direction);
        pairs = new EndpointPairs(this.before, this.after);
        for (Family family : Family.values()) {
            PrefixPairs.walk(
                    this.before.peers(family),
                    this.after.peers(family),
                    (classBefore, classAfter) -> {
                        peers.add(new EndpointPairs.Pair(classBefore, classAfter));
                        return SAME;
                    },
                    (prefix, result) -> {});
        }
    }

    /** Every change, each resource's endpoints that change alike as one; first what comes in. */
    public static List<AccessChange> between(Image before, Image after) {
        List<AccessChange> changes = new ArrayList<>();
        for (Direction direction : Direction.values()) {
            changes.addAll(new AccessDiff(before, after, direction).changes());
        }
        return changes;
    }

    private List<AccessChange> changes() {
        Map<EndpointPairs.Pair, BitSet> remotePorts = remotePorts();
        Map<Change, List<Endpoints>> changes = new LinkedHashMap<>();
        for (EndpointPairs.Pair rows : pairs.rows()) {
            Map<Change, BitSet> byPorts = new LinkedHashMap<>();
            remotePorts.forEach((classes, entries) -> {
                // Going through all prefixes takes long, and most rows do not change.
                if (peers.stream().anyMatch(peer -> result(rows, classes, peer) != SAME)) {
                    byPorts.computeIfAbsent(change(rows, classes), key -> new BitSet()).or(entries);
                }
            });
            byPorts.forEach((change, entries) ->
                    changes.computeIfAbsent(change, key -> new ArrayList<>())
                            .addAll(endpoints(rows, entries)));
        }
        return changes.entrySet().stream()
                .map(change ->
                        new AccessChange(
                                direction,
                                change.getKey().resource,
                                change.getValue(),
                                change.getKey().gained,
                                change.getKey().lost))
                .toList();
    }

    private List<Endpoints> endpoints(EndpointPairs.Pair rows, BitSet remotePorts) {
        List<Endpoints> endpoints = pairs.endpoints(rows);
        return direction == Direction.INGRESS
                ? endpoints
                : endpoints.stream().map(e -> e.withRemotePorts(remotePorts)).toList();
    }

    /** Entries of the port table by the classes that they have as remote ports. */
    private Map<EndpointPairs.Pair, BitSet> remotePorts() {
        Map<EndpointPairs.Pair, BitSet> ports = new LinkedHashMap<>();
        for (int entry = 0; entry < PortTable.END; entry++) {
            EndpointPairs.Pair classes =
                    new EndpointPairs.Pair(
                            before.remotePortClass(entry), after.remotePortClass(entry));
            ports.computeIfAbsent(classes, key -> new BitSet()).set(entry);
        }
        return ports;
    }

    private int result(
            EndpointPairs.Pair rows, EndpointPairs.Pair remotePorts, EndpointPairs.Pair peer) {
        boolean passed = before.passes(rows.before(), remotePorts.before(), peer.before());
        boolean passes = after.passes(rows.after(), remotePorts.after(), peer.after());
        return passed == passes ? SAME : passes ? GAINED : LOST;
    }

    private Change change(EndpointPairs.Pair rows, EndpointPairs.Pair remotePorts) {
        List<Prefix> gained = new ArrayList<>();
        List<Prefix> lost = new ArrayList<>();
        for (Family family : Family.values()) {
            PrefixPairs.walk(
                    before.peers(family),
                    after.peers(family),
                    (classBefore, classAfter) ->
                            result(
                                    rows,
                                    remotePorts,
                                    new EndpointPairs.Pair(classBefore, classAfter)),
                    (prefix, result) -> {
                        if (result != SAME) {
                            (result == GAINED ? gained : lost).add(prefix);
                        }
                    });
        }
        String resource =
                rows.after() == 0 ? before.resource(rows.before()) : after.resource(rows.after());
        return new Change(resource, gained, lost);
    }
}

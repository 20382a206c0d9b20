// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How resources judge what the balancers in front of them send on. */
final class Proxies {
    /** Why such connections pass or are denied, beside policies. */
    static final List<Reason> REASONS =
            List.of(
                    Reason.PROXY_HANDSHAKE,
                    Reason.PROXY_LOCAL,
                    Reason.PROXY_KEPT,
                    Reason.PROXY_HEADER,
                    Reason.PROXY_AHEAD);

    /** Nothing that comes after a blocklist. */
    private static final int FIRST = 0;

    /** Nothing lets it in; the other's word counts, whatever it is. */
    private static final int LAST = -1;

    private record Key(int resource, boolean toRemoteCluster) {}

    private final Rows rows;
    private final PrivateEndpoints endpoints;
    private final Map<Key, Integer> places = new HashMap<>();
    private final List<Image.Proxy> all = new ArrayList<>();

    Proxies(Rows rows, PrivateEndpoints endpoints) {
        this.rows = rows;
        this.endpoints = endpoints;
    }

    /** Whether headers are asked for. */
    static boolean judges(Verdicts judge, Resource resource) {
        return judge.direction() == Direction.INGRESS
                && DesiredState.isProxied(resource, judge.policies(resource));
    }

    /** The number of a resource's entry. */
    int place(int resource, boolean toRemoteCluster) {
        Key key = new Key(resource, toRemoteCluster);
        Integer known = places.get(key);
        if (known != null) {
            return known;
        }
        all.add(proxy(resource, toRemoteCluster));
        places.put(key, all.size() - 1);
        return all.size() - 1;
    }

    private Image.Proxy proxy(int number, boolean toRemoteCluster) {
        Resource resource = rows.resource(number);
        return new Image.Proxy(
                rows.plainVerdicts(number, toRemoteCluster),
                rows.add(sourceRanks(resource, toRemoteCluster)),
                rows.add(byEndpoint(resource)),
                rows.add(endpointRanks(resource)),
                rows.word(resource, "", Reason.PROXY_HANDSHAKE),
                rows.word(resource, "", Reason.PROXY_AHEAD),
                rows.word(resource, "", Reason.PROXY_HEADER),
                rows.word(resource, "", Reason.PROXY_LOCAL),
                rows.word(resource, "", Reason.PROXY_KEPT));
    }

    private int[] sourceRanks(Resource resource, boolean toRemoteCluster) {
        Verdicts judge = rows.ingress();
        return Rows.entries(
                judge,
                resource,
                List.of(),
                entry -> sourceRank(judge, resource, toRemoteCluster, entry));
    }

    private static int sourceRank(
            Verdicts judge, Resource resource, boolean toRemoteCluster, int entry) {
        Ruling ruling = judge.ruling(resource, toRemoteCluster, entry);
        return switch (ruling.reason()) {
            case BLOCKLIST -> FIRST;
            case POLICY_MATCH -> rank(judge.policies(resource), ruling.policy());
            default -> LAST;
        };
    }

    /** By the place of a policy among those of the resource. */
    private static int rank(List<Policy> policies, String name) {
        return 1 + policies.stream().map(Policy::name).toList().indexOf(name);
    }

    private int[] byEndpoint(Resource resource) {
        List<Policy> policies = rows.ingress().policies(resource);
        boolean closed = DesiredState.isProtected(policies, Direction.INGRESS);
        return endpoints.classes().stream()
                .mapToInt(members ->
                        first(policies, members)
                                .map(first ->
                                        rows.word(resource, first.policy(), Reason.POLICY_MATCH)
                                                | Rows.rule(members.indexOf(first) + 1))
                                .orElseGet(() ->
                                        rows.word(
                                                resource,
                                                "",
                                                closed ? Reason.NO_POLICY_MATCH : Reason.OPEN)))
                .toArray();
    }

    private int[] endpointRanks(Resource resource) {
        List<Policy> policies = rows.ingress().policies(resource);
        return endpoints.classes().stream()
                .mapToInt(members ->
                        first(policies, members)
                                .map(first -> rank(policies, first.policy()))
                                .orElse(LAST))
                .toArray();
    }

    /** The member that is the first of a resource's policies. */
    private static Optional<Member> first(List<Policy> policies, List<Member> members) {
        return policies.stream()
                .flatMap(policy ->
                        members.stream().filter(member -> member.policy().equals(policy.name())))
                .findFirst();
    }

    List<Image.Proxy> all() {
        return List.copyOf(all);
    }
}

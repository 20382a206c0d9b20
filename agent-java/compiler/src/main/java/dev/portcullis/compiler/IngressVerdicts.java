// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** About classes of source addresses. */
final class IngressVerdicts implements Verdicts {
    private final Sources sources;
    private final Map<String, List<Policy>> associated;
    private final Map<String, List<PolicyMembers>> members = new HashMap<>();
    private final List<int[]> classesByMember;

    /**
     * @param sources whose overlay was laid
     * @param associated the policies of each resource, by the resource's name
     */
    IngressVerdicts(Sources sources, Map<String, List<Policy>> associated) {
        this.sources = sources;
        this.associated = associated;
        associated.forEach((resource, policies) ->
                members.put(resource, policies.stream().map(sources::of).toList()));
        classesByMember = sources.classesByMember();
    }

    @Override
    public Direction direction() {
        return Direction.INGRESS;
    }

    @Override
    public int length() {
        return sources.overlay().sets().size();
    }

    @Override
    public List<Policy> policies(Resource resource) {
        return associated.get(resource.name());
    }

    @Override
    public boolean asksNames(Resource resource) {
        return members.get(resource.name()).stream().anyMatch(PolicyMembers::asksNames);
    }

    @Override
    public List<int[]> relevant(Resource resource, List<Integer> failsafes) {
        List<int[]> relevant = new ArrayList<>();
        for (int member : sources.relevant(members.get(resource.name()), resource, failsafes)) {
            relevant.add(classesByMember.get(member));
        }
        return relevant;
    }

    @Override
    public boolean isFailsafe(int entry, int failsafe) {
        return sources.isFailsafe(entry, failsafe);
    }

    @Override
    public boolean isBalancer(Resource resource, int entry) {
        return sources.isIn(entry, sources.balancers(resource));
    }

    @Override
    public Ruling ruling(Resource resource, boolean toRemoteCluster, int entry) {
        return SourceVerdict.of(
                sources,
                members.get(resource.name()),
                sources.bound(resource),
                toRemoteCluster,
                entry);
    }
}

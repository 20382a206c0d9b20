// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds policies that never decide at a resource, because policies that are asked before match all
 * of their sources. Nothing is found that other words could change: sets, names and the host's
 * addresses have no part in it.
 *
 * <p>A class stands for sources that are inside the same rules, so it is enough to look at the
 * classes inside a policy's rules. What the more specific prefixes of other policies fill to the
 * last address has a class too, and so keeps a policy from being found.
 */
public final class IdlePolicies {
    private final List<List<Member>> classes;
    private final Map<Member, List<Integer>> classesByMember = new HashMap<>();

    private IdlePolicies(List<List<Member>> classes) {
        this.classes = classes;
        for (int set = 0; set < classes.size(); set++) {
            for (Member member : classes.get(set)) {
                classesByMember.computeIfAbsent(member, key -> new ArrayList<>()).add(set);
            }
        }
    }

    /**
     * By resource, and in the order in which its policies are asked.
     *
     * @param image what the state was compiled to
     */
    public static List<IdlePolicy> of(DesiredState state, Image image) {
        IdlePolicies search = new IdlePolicies(image.classes());
        Map<String, List<Policy>> associated = state.associatedPolicies();
        List<IdlePolicy> idle = new ArrayList<>();
        for (String resource : state.resources().keySet()) {
            List<Policy> asked = asked(associated.get(resource));
            for (int i = 1; i < asked.size(); i++) {
                Policy policy = asked.get(i);
                Set<String> before = search.before(policy, asked.subList(0, i));
                if (!before.isEmpty()) {
                    idle.add(
                            new IdlePolicy(
                                    policy.name(),
                                    resource,
                                    asked.stream()
                                            .map(Policy::name)
                                            .filter(before::contains)
                                            .toList()));
                }
            }
        }
        return idle;
    }

    /** Blocklists first. */
    private static List<Policy> asked(List<Policy> associated) {
        List<Policy> asked = new ArrayList<>(associated);
        asked.removeIf(policy -> policy.type().allows());
        associated.stream().filter(policy -> policy.type().allows()).forEach(asked::add);
        return asked;
    }

    /** Those that match every source of a policy together; none if they don't. */
    private Set<String> before(Policy policy, List<Policy> earlier) {
        // Who is in no list of an allow_deny policy may be let in by it as well.
        if (policy.type() == PolicyType.ALLOW_DENY || !isFixed(policy)) {
            return Set.of();
        }
        List<Policy> certain = earlier.stream().filter(IdlePolicies::isFixed).toList();
        Rule.Action action = policy.type().allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        Set<String> before = new LinkedHashSet<>();
        for (int set : classesByMember.getOrDefault(new Member(policy.name(), action), List.of())) {
            Optional<Policy> first =
                    certain.stream()
                            .filter(found -> matches(found, policy.type(), set))
                            .findFirst();
            if (first.isEmpty()) {
                return Set.of();
            }
            before.add(first.get().name());
        }
        return before;
    }

    /** Whether all of its rules mean the same at every moment. */
    private static boolean isFixed(Policy policy) {
        return policy.fallback().isEmpty()
                && policy.rules().stream()
                        .map(Rule::peers)
                        .allMatch(peers ->
                                peers instanceof Prefix || peers instanceof Peers.Everyone);
    }

    /**
     * Whether a policy matches all sources of a class.
     *
     * @param asker the type of policy whose packets it is about
     */
    private boolean matches(Policy policy, PolicyType asker, int set) {
        boolean allowed = classes.get(set).contains(new Member(policy.name(), Rule.Action.ALLOW));
        boolean denied = classes.get(set).contains(new Member(policy.name(), Rule.Action.DENY));
        return switch (policy.type()) {
            case IP -> allowed;
            case REMOTE_CLUSTER -> allowed && asker == PolicyType.REMOTE_CLUSTER;
            case ALLOW_DENY -> allowed || !denied || !policy.enabled();
            case BLOCKLIST -> denied;
            case EGRESS_FIREWALL,
                    VPCE,
                    AZURE_PRIVATE_ENDPOINT,
                    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT ->
                    false;
        };
    }
}

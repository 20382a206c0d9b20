// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Whether policies match a packet to or from a resource. */
final class PolicyMatch {
    /** How a policy stands to a packet. */
    enum Result {
        MATCH,
        NO_MATCH,
        /** It depends on the name of the source address, which has not been asked for yet. */
        PENDING
    }

    private final DesiredState state;
    private final Environment environment;
    private final Resource resource;
    private final ReferencePacket.Ip packet;
    private final Address remote;

    PolicyMatch(
            DesiredState state,
            Environment environment,
            Resource resource,
            ReferencePacket.Ip packet) {
        this(state, environment, resource, packet, packet.remote());
    }

    /**
     * @param remote who sent the packet, which a balancer may have done for somebody
     */
    PolicyMatch(
            DesiredState state,
            Environment environment,
            Resource resource,
            ReferencePacket.Ip packet,
            Address remote) {
        this.state = state;
        this.environment = environment;
        this.resource = resource;
        this.packet = packet;
        this.remote = remote;
    }

    Result of(Policy policy) {
        return switch (policy.type()) {
            case IP, BLOCKLIST -> result(holds(policy.rules()));
            case EGRESS_FIREWALL -> result(policy.rules().stream().anyMatch(this::matches));
            case REMOTE_CLUSTER -> result(toRemoteClusterPort() && holds(policy.rules()));
            case ALLOW_DENY -> allowDeny(policy);
            case VPCE, AZURE_PRIVATE_ENDPOINT, GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT ->
                    Result.NO_MATCH;
        };
    }

    private static Result result(boolean matches) {
        return matches ? Result.MATCH : Result.NO_MATCH;
    }

    private boolean toRemoteClusterPort() {
        return packet.protocol() == ReferencePacket.TCP
                && packet.ports().orElseThrow().destination() == resource.remoteClusterPort();
    }

    private boolean matches(Rule rule) {
        return environment.holds(rule.peers(), remote)
                && PacketMatch.remotePortsMatch(rule.remotePorts(), packet);
    }

    /** Without the patterns of names. */
    private boolean holds(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> !isPattern(rule))
                .anyMatch(rule -> environment.holds(rule.peers(), remote));
    }

    /**
     * The order of Elasticsearch. What a name would decide is tried with every answer that DNS
     * could give: if they all lead to the same, the name need not be known.
     */
    private Result allowDeny(Policy policy) {
        if (!policy.enabled() || isBound()) {
            return Result.MATCH;
        }
        List<Rule> allow = list(policy, Rule.Action.ALLOW);
        List<Rule> deny = list(policy, Rule.Action.DENY);
        if (environment.names().reverse().containsKey(remote)) {
            return allowed(allow, deny, named(allow, false), named(deny, true));
        }
        Set<Result> possible = new TreeSet<>();
        for (boolean allowName : answers(allow)) {
            for (boolean denyName : answers(deny)) {
                possible.add(allowed(allow, deny, allowName, denyName));
            }
        }
        return possible.size() == 1 ? possible.iterator().next() : Result.PENDING;
    }

    private Result allowed(List<Rule> allow, List<Rule> deny, boolean allowName, boolean denyName) {
        return result(holds(allow) || allowName || !(holds(deny) || denyName));
    }

    /**
     * The host's own addresses that the resource selects are those that its service is bound to.
     */
    private boolean isBound() {
        return environment.host().own().contains(remote)
                && PacketMatch.prefixLength(resource, environment.host(), remote).isPresent();
    }

    /** The policy's own list, or that of the policy that it falls back to. */
    private List<Rule> list(Policy policy, Rule.Action action) {
        List<Rule> own = policy.rules(action);
        return own.isEmpty() && !policy.fallback().isEmpty()
                ? list(state.policies().get(policy.fallback()), action)
                : own;
    }

    /** Whether a pattern of the list matches, as far as that is open. */
    private static Set<Boolean> answers(List<Rule> rules) {
        return rules.stream().anyMatch(PolicyMatch::isPattern)
                ? Set.of(false, true)
                : Set.of(false);
    }

    private static boolean isPattern(Rule rule) {
        return rule.peers() instanceof Peers.NamePattern;
    }

    /**
     * Whether a pattern of the list matches the known source.
     *
     * @param unanswered the answer when DNS did not answer, and there is a pattern
     */
    private boolean named(List<Rule> rules, boolean unanswered) {
        Optional<Set<String>> names = environment.names().reverse().get(remote);
        return rules.stream()
                .filter(PolicyMatch::isPattern)
                .map(rule -> (Peers.NamePattern) rule.peers())
                .anyMatch(pattern ->
                        names.map(known -> known.stream().anyMatch(pattern::matches))
                                .orElse(unanswered));
    }

    /**
     * The place of the first of the policy's own rules that matches as the policy does; empty if it
     * matches without one.
     */
    OptionalInt firstRule(Policy policy) {
        if (policy.type() == PolicyType.ALLOW_DENY && (!policy.enabled() || isBound())) {
            return OptionalInt.empty();
        }
        Rule.Action action = policy.type().allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        for (int i = 0; i < policy.rules().size(); i++) {
            Rule rule = policy.rules().get(i);
            if (rule.action() == action && matches(rule)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.compiler.IdlePolicy;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the step from one state to the next forbids, and what its author should know. */
final class TransactionCheck {
    private static final String TAKE_OUT = "take it out of them first";

    private final DesiredState before;
    private final DesiredState next;

    TransactionCheck(DesiredState before, DesiredState next) {
        this.before = before;
        this.next = next;
    }

    /** Objects that would be removed while others need them. */
    List<Violation> stillUsed() {
        List<Violation> used = new ArrayList<>();
        Map<String, List<String>> associated = next.associated();
        for (String policy : before.policies().keySet()) {
            if (!next.policies().containsKey(policy)) {
                List<String> resources =
                        associated.entrySet().stream()
                                .filter(entry -> entry.getValue().contains(policy))
                                .map(Map.Entry::getKey)
                                .sorted()
                                .toList();
                add(
                        new ObjectName(ObjectKind.POLICY, policy),
                        "is associated with",
                        ObjectKind.RESOURCE,
                        resources,
                        "dissociate it first",
                        used);
                List<String> others =
                        next.policies().values().stream()
                                .filter(other -> other.fallback().equals(policy))
                                .map(Policy::name)
                                .toList();
                add(
                        new ObjectName(ObjectKind.POLICY, policy),
                        "is the fallback of",
                        ObjectKind.POLICY,
                        others,
                        TAKE_OUT,
                        used);
            }
        }
        for (String set : before.sets().keySet()) {
            if (!next.sets().containsKey(set)) {
                List<String> policies =
                        next.policies().values().stream()
                                .filter(policy -> names(policy, set))
                                .map(Policy::name)
                                .toList();
                add(
                        new ObjectName(ObjectKind.ADDRESS_SET, set),
                        "is named by",
                        ObjectKind.POLICY,
                        policies,
                        TAKE_OUT,
                        used);
            }
        }
        return used;
    }

    private static boolean names(Policy policy, String set) {
        return policy.rules().stream().anyMatch(rule -> rule.peers().equals(new Peers.InSet(set)));
    }

    /**
     * @param how it is used, in words that {@code kind} and the names of the users follow
     */
    private static void add(
            ObjectName name,
            String how,
            ObjectKind kind,
            List<String> users,
            String remedy,
            List<Violation> used) {
        if (!users.isEmpty()) {
            String kinds = users.size() == 1 ? kind.label() : kind.plural();
            used.add(
                    new Violation(
                            name.toString(),
                            "",
                            how + " " + kinds + " " + String.join(", ", users) + "; " + remedy));
        }
    }

    private static String opened(Resource resource, Direction direction) {
        String what =
                direction == Direction.INGRESS
                        ? ": is open to all from then on"
                        : ": may reach everybody from then on";
        return "resource "
                + resource.name()
                + what
                + ", because no policy that allows is associated with it any more";
    }

    /** Resources that the step opens, and associations that can never do anything. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        Map<String, List<Policy>> policiesBefore = before.associatedPolicies();
        Map<String, List<Policy>> policies = next.associatedPolicies();
        for (Resource resource : next.resources().values()) {
            List<Policy> now = policies.get(resource.name());
            List<Policy> then = policiesBefore.getOrDefault(resource.name(), List.of());
            for (Direction direction : Direction.values()) {
                if (DesiredState.isProtected(then, direction)
                        && !DesiredState.isProtected(now, direction)) {
                    warnings.add(opened(resource, direction));
                }
            }
            boolean remoteCluster =
                    now.stream().anyMatch(policy -> policy.type() == PolicyType.REMOTE_CLUSTER);
            if (remoteCluster && !hasRemoteClusterPort(resource)) {
                warnings.add(
                        "resource "
                                + resource.name()
                                + ": its policies of type remote_cluster never match, because its"
                                + " ports don't hold the remote-cluster port "
                                + resource.remoteClusterPort()
                                + "/tcp");
            }
            boolean endpoints =
                    now.stream().anyMatch(policy -> policy.type().endpoints().isPresent());
            if (endpoints && resource.balancers().isEmpty()) {
                warnings.add(
                        "resource "
                                + resource.name()
                                + ": its policies about private endpoints never match, because no"
                                + " load balancer in front of it is named in"
                                + " spec.proxyProtocol.from");
            }
        }
        return warnings;
    }

    /** Of each policy the first few resources at which it never decides. */
    static List<String> idleWarnings(List<IdlePolicy> idlePolicies) {
        SortedMap<String, Findings> byPolicy = new TreeMap<>();
        for (IdlePolicy idle : idlePolicies) {
            byPolicy.computeIfAbsent(idle.policy(), name -> new Findings("policy " + name))
                    .warning(
                            "resources at which it never decides",
                            "",
                            "never decides at resource "
                                    + idle.resource()
                                    + ": every source of it is matched by policies before it ("
                                    + String.join(", ", idle.before())
                                    + ")");
        }
        return byPolicy.values().stream().flatMap(found -> found.warnings().stream()).toList();
    }

    private static boolean hasRemoteClusterPort(Resource resource) {
        return resource.ports().stream()
                .filter(match ->
                        match.protocol() == Protocol.ANY || match.protocol() == Protocol.TCP)
                .map(PortMatch::ports)
                .anyMatch(ports ->
                        ports.map(range -> range.contains(resource.remoteClusterPort()))
                                .orElse(true));
    }
}

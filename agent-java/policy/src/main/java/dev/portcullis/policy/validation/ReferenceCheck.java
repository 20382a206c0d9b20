// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What objects say of each other: names that have to be there, regions that have to agree. */
final class ReferenceCheck {
    private final DesiredState state;
    private final List<Violation> violations = new ArrayList<>();

    /** The sentence about a name that is not there, which very many rules may have in common. */
    private final Map<ObjectName, String> missing = new HashMap<>();

    private ReferenceCheck(DesiredState state) {
        this.state = state;
    }

    static List<Violation> check(DesiredState state) {
        ReferenceCheck check = new ReferenceCheck(state);
        state.policies().values().forEach(check::policy);
        state.resources().values().forEach(check::resource);
        check.associations();
        return check.violations;
    }

    private void policy(Policy policy) {
        for (int i = 0; i < policy.rules().size(); i++) {
            if (policy.rules().get(i).peers() instanceof Peers.InSet set
                    && !state.sets().containsKey(set.name())) {
                violation(
                        ObjectKind.POLICY,
                        policy.name(),
                        RulePath.of(policy, i) + ".set",
                        notThere(new ObjectName(ObjectKind.ADDRESS_SET, set.name())));
            }
        }
        if (!policy.fallback().isEmpty()) {
            fallback(policy);
        }
    }

    private void fallback(Policy policy) {
        Policy fallback = state.policies().get(policy.fallback());
        String problem = "";
        if (fallback == null) {
            problem = notThere(new ObjectName(ObjectKind.POLICY, policy.fallback()));
        } else if (fallback.type() != PolicyType.ALLOW_DENY) {
            problem =
                    "policy "
                            + fallback.name()
                            + " is of type "
                            + fallback.type().text()
                            + "; name one of type allow_deny";
        } else if (leadsBack(policy)) {
            problem = "leads back to this policy; take it out of one of them";
        }
        if (!problem.isEmpty()) {
            violation(ObjectKind.POLICY, policy.name(), "spec.fallback", problem);
        }
    }

    private boolean leadsBack(Policy policy) {
        Set<String> seen = new HashSet<>();
        Policy next = policy;
        while (next != null && seen.add(next.name())) {
            next = state.policies().get(next.fallback());
        }
        return next != null && next.name().equals(policy.name());
    }

    private void resource(Resource resource) {
        for (int i = 0; i < resource.policies().size(); i++) {
            String policy = resource.policies().get(i);
            String field = "spec.policies[" + i + "]";
            if (state.policies().containsKey(policy)) {
                together(ObjectKind.RESOURCE, resource.name(), field, policy, resource);
            } else {
                violation(
                        ObjectKind.RESOURCE,
                        resource.name(),
                        field,
                        notThere(new ObjectName(ObjectKind.POLICY, policy)));
            }
        }
    }

    private void associations() {
        Map<List<String>, String> first = new HashMap<>();
        for (Association association : state.associations().values()) {
            Resource resource = state.resources().get(association.resource());
            if (resource == null) {
                violation(
                        ObjectKind.ASSOCIATION,
                        association.name(),
                        "spec.resource",
                        notThere(new ObjectName(ObjectKind.RESOURCE, association.resource())));
            }
            if (!state.policies().containsKey(association.policy())) {
                violation(
                        ObjectKind.ASSOCIATION,
                        association.name(),
                        "spec.policy",
                        notThere(new ObjectName(ObjectKind.POLICY, association.policy())));
            } else if (resource != null) {
                together(
                        ObjectKind.ASSOCIATION,
                        association.name(),
                        "spec.policy",
                        association.policy(),
                        resource);
            }
            String earlier =
                    first.putIfAbsent(
                            List.of(association.policy(), association.resource()),
                            association.name());
            if (earlier != null) {
                violation(
                        ObjectKind.ASSOCIATION,
                        association.name(),
                        "spec",
                        "association " + earlier + " says the same; take one of them out");
            }
        }
    }

    private void together(
            ObjectKind kind, String name, String field, String policyName, Resource resource) {
        Policy policy = state.policies().get(policyName);
        if (!Regions.directionsAgree(policy, resource)) {
            violation(
                    kind,
                    name,
                    field,
                    "policy "
                            + policy.name()
                            + " is of type "
                            + policy.type().text()
                            + ", for packets that arrive, and resource "
                            + resource.name()
                            + " is about what a workload sends; associate the policy with a"
                            + " resource without workload, or one of type egress_firewall with"
                            + " this one");
        }
        if (!Regions.agree(policy, resource)) {
            violation(
                    kind,
                    name,
                    field,
                    "policy "
                            + policy.name()
                            + " is of region "
                            + policy.region()
                            + ", and resource "
                            + resource.name()
                            + " of region "
                            + resource.region()
                            + "; associate a policy of the resource's region, or of none");
        }
    }

    private String notThere(ObjectName name) {
        return missing.computeIfAbsent(
                name,
                n -> {
                    Set<String> known =
                            switch (n.kind()) {
                                case POLICY -> state.policies().keySet();
                                case RESOURCE -> state.resources().keySet();
                                case ASSOCIATION -> state.associations().keySet();
                                case ADDRESS_SET -> state.sets().keySet();
                            };
                    String guess = Suggestion.didYouMean(n.name(), known);
                    return "no "
                            + n.kind().label()
                            + " is named "
                            + Quoted.of(n.name())
                            + (guess.isEmpty() ? "; push it too, or take it out" : guess);
                });
    }

    private void violation(ObjectKind kind, String name, String field, String message) {
        violations.add(new Violation(new ObjectName(kind, name).toString(), field, message));
    }
}

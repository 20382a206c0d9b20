// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import com.google.common.collect.Maps;
import dev.portcullis.api.v1.EgressRule;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code rules} of a policy about what leaves. */
final class EgressRuleCheck {
    private record Meaning(Peers peers, RemotePorts ports) {}

    private final Findings findings;
    private final List<dev.portcullis.api.v1.Rule> given;
    private final Map<Meaning, Integer> first;
    private final List<Rule> rules;

    private EgressRuleCheck(List<dev.portcullis.api.v1.Rule> given, Findings findings) {
        this.given = given;
        this.findings = findings;
        this.first = Maps.newHashMapWithExpectedSize(given.size());
        this.rules = new ArrayList<>(given.size());
    }

    static List<Rule> rules(List<dev.portcullis.api.v1.Rule> given, Findings findings) {
        return new EgressRuleCheck(given, findings).check();
    }

    private List<Rule> check() {
        for (int i = 0; i < given.size(); i++) {
            check(given.get(i), "spec.rules[" + i + "]", i);
        }
        if (rules.size() == given.size()) {
            Coverage.warn(PolicyType.EGRESS_FIREWALL, rules, findings);
        }
        return rules;
    }

    private void check(dev.portcullis.api.v1.Rule rule, String at, int index) {
        if (!rule.getDescription().isEmpty()) {
            CommonCheck.description(rule.getDescription(), at, findings);
        }
        refuse(at + ".source", rule.getSource(), "write it as egressRule.target");
        refuse(at + ".remoteClusterId", rule.getRemoteClusterId(), "take it out");
        refuse(at + ".remoteClusterOrgId", rule.getRemoteClusterOrgId(), "take it out");
        EndpointRuleCheck.refuseAzure(rule, at, PolicyType.EGRESS_FIREWALL, findings);
        EgressRule egress = rule.getEgressRule();
        Optional<RemotePorts> ports = RemotePortsCheck.check(egress, at + ".egressRule", findings);
        String target = at + ".egressRule.target";
        if (!rule.getSet().isEmpty()) {
            if (!egress.getTarget().isEmpty()) {
                findings.violation(
                        at + ".set", "can't stand beside a target; make two rules of them");
            } else if (CommonCheck.isName(rule.getSet())) {
                Peers set = new Peers.InSet(rule.getSet());
                ports.ifPresent(p -> add("set " + rule.getSet(), set, p, at + ".set", index));
            } else {
                RuleCheck.refuseSetName(rule, at, findings);
            }
        } else if (!egress.getTarget().isEmpty()) {
            prefix(egress.getTarget(), target)
                    .ifPresent(prefix ->
                            ports.ifPresent(
                                    p -> add(egress.getTarget(), prefix, p, target, index)));
        } else if (rule.getSource().isEmpty()) {
            findings.violation(
                    target,
                    "is missing; write an address or CIDR to let packets out to, or name an"
                            + " address set in \"set\"");
        }
    }

    private void refuse(String field, String value, String remedy) {
        if (!value.isEmpty()) {
            findings.violation(field, "is not for policies of type egress_firewall; " + remedy);
        }
    }

    private Optional<Prefix> prefix(String text, String field) {
        try {
            PrefixText parsed = PrefixText.parse(text);
            if (parsed.hostBits()) {
                Warnings.hostBits(findings, field, text, parsed.prefix());
            }
            return Optional.of(parsed.prefix());
        } catch (IllegalArgumentException e) {
            findings.violation(field, e.getMessage());
            return Optional.empty();
        }
    }

    private void add(String text, Peers peers, RemotePorts ports, String field, int index) {
        Integer earlier = first.putIfAbsent(new Meaning(peers, ports), index);
        if (earlier != null) {
            findings.warning(
                    "targets that an earlier rule has",
                    field,
                    (peers instanceof Prefix ? peers : text)
                            + " is the target of spec.rules["
                            + earlier
                            + "] too, with the same protocol and ports; this rule adds nothing");
        } else if (ports.equals(RemotePorts.ANY) && peers instanceof Prefix prefix) {
            warnOfEverywhere(prefix, field);
        }
        String description = given.get(index).getDescription();
        rules.add(new Rule(text, peers, ports, Rule.Action.ALLOW, description));
    }

    /** One that names ports says that it means the world. */
    private void warnOfEverywhere(Prefix prefix, String field) {
        if (prefix.length() == 0) {
            findings.warning(
                    "rules that let out to all of a family",
                    field,
                    prefix
                            + " without ports lets everything of "
                            + prefix.family().text()
                            + " out of the resources of this policy");
        }
    }
}

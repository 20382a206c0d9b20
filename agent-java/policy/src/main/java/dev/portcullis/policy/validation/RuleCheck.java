// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import com.google.common.collect.Maps;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code rules} of a policy. */
final class RuleCheck {
    private final PolicyType type;
    private final Rule.Action action;
    private final Findings findings;
    private final List<dev.portcullis.api.v1.Rule> given;
    private final Map<Peers, Integer> first;
    private final List<Rule> rules;

    private RuleCheck(PolicyType type, List<dev.portcullis.api.v1.Rule> given, Findings findings) {
        this.type = type;
        this.action = type.allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        this.given = given;
        this.findings = findings;
        this.first = Maps.newHashMapWithExpectedSize(given.size());
        this.rules = new ArrayList<>(given.size());
    }

    static List<Rule> rules(
            PolicyType type, List<dev.portcullis.api.v1.Rule> given, Findings findings) {
        return new RuleCheck(type, given, findings).check();
    }

    private List<Rule> check() {
        for (int i = 0; i < given.size(); i++) {
            check(given.get(i), i);
        }
        if (rules.size() == given.size()) {
            Coverage.warn(type, rules, findings);
        }
        return rules;
    }

    private void check(dev.portcullis.api.v1.Rule rule, int index) {
        if (!rule.getDescription().isEmpty()) {
            CommonCheck.description(rule.getDescription(), at(index), findings);
        }
        boolean byId = refuseIds(rule, index);
        boolean byTarget = refuseEgress(rule, index);
        EndpointRuleCheck.refuseAzure(rule, at(index), type, findings);
        if (!rule.getSet().isEmpty()) {
            set(rule, index);
        } else if (!rule.getSource().isEmpty()) {
            source(rule, index);
        } else if (!byId && !byTarget) {
            findings.violation(
                    at(index) + ".source",
                    "is missing; write an address or CIDR"
                            + (type.allows() ? " to let in" : " to deny")
                            + ", or name an address set in \"set\"");
        }
    }

    private static String at(int index) {
        return "spec.rules[" + index + "]";
    }

    private boolean refuseIds(dev.portcullis.api.v1.Rule rule, int index) {
        boolean cluster = !rule.getRemoteClusterId().isEmpty();
        boolean organization = !rule.getRemoteClusterOrgId().isEmpty();
        String why =
                "can't be enforced: the id is inside TLS, where no packet filter sees it; write the"
                        + " source addresses of the remote cluster instead";
        if (cluster) {
            findings.violation(at(index) + ".remoteClusterId", why);
        }
        if (organization) {
            findings.violation(at(index) + ".remoteClusterOrgId", why);
        }
        return cluster || organization;
    }

    private boolean refuseEgress(dev.portcullis.api.v1.Rule rule, int index) {
        if (rule.hasEgressRule()) {
            findings.violation(
                    at(index) + ".egressRule",
                    "is not for policies of type "
                            + type.text()
                            + "; it is for type "
                            + PolicyType.EGRESS_FIREWALL.text());
        }
        return rule.hasEgressRule();
    }

    private void set(dev.portcullis.api.v1.Rule rule, int index) {
        if (!rule.getSource().isEmpty()) {
            findings.violation(
                    at(index) + ".set", "can't stand beside source; make two rules of them");
        } else if (CommonCheck.isName(rule.getSet())) {
            add("set " + rule.getSet(), new Peers.InSet(rule.getSet()), rule, index);
        } else {
            refuseSetName(rule, at(index), findings);
        }
    }

    static void refuseSetName(dev.portcullis.api.v1.Rule rule, String at, Findings findings) {
        findings.violation(
                at + ".set", Quoted.of(rule.getSet()) + " is not the name of an address set");
    }

    private void source(dev.portcullis.api.v1.Rule rule, int index) {
        try {
            PrefixText text = PrefixText.parse(rule.getSource());
            if (text.hostBits()) {
                Warnings.hostBits(findings, at(index) + ".source", rule.getSource(), text.prefix());
            }
            warnOfEverybody(text.prefix(), index);
            add(rule.getSource(), text.prefix(), rule, index);
        } catch (IllegalArgumentException e) {
            findings.violation(at(index) + ".source", e.getMessage());
        }
    }

    private void warnOfEverybody(Prefix prefix, int index) {
        if (prefix.length() == 0) {
            findings.warning(
                    type.allows()
                            ? "rules that open a family to the world"
                            : "rules that deny a whole family",
                    at(index) + ".source",
                    prefix
                            + (type.allows() ? " opens the resources" : " closes the resources")
                            + " of this policy to all of "
                            + prefix.family().text());
        }
    }

    private void add(String text, Peers peers, dev.portcullis.api.v1.Rule rule, int index) {
        Integer earlier = first.putIfAbsent(peers, index);
        if (earlier != null) {
            findings.warning(
                    "sources that an earlier rule has",
                    at(index) + (peers instanceof Prefix ? ".source" : ".set"),
                    (peers instanceof Prefix ? peers : text)
                            + " is the source of "
                            + at(earlier)
                            + " too; this rule adds nothing");
        }
        rules.add(new Rule(text, peers, action, rule.getDescription()));
    }
}

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
    private final Map<Peers, Integer> first = Maps.newHashMap();
    private final List<Rule> rules = new ArrayList<>();

    RuleCheck(PolicyType type, Findings findings) {
        this.type = type;
        this.action = type.allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        this.findings = findings;
    }

    List<Rule> rules(List<dev.portcullis.api.v1.Rule> given) {
        for (int i = 0; i < given.size(); i++) {
            check(given.get(i), "spec.rules[" + i + "]");
        }
        if (rules.size() == given.size()) {
            Coverage.warn(type, rules, findings);
        }
        return rules;
    }

    private void check(dev.portcullis.api.v1.Rule rule, String field) {
        if (!rule.getDescription().isEmpty()) {
            CommonCheck.description(rule.getDescription(), field, findings);
        }
        boolean byId = refuseIds(rule, field);
        if (!rule.getSet().isEmpty()) {
            set(rule, field);
        } else if (!rule.getSource().isEmpty()) {
            source(rule, field);
        } else if (!byId) {
            findings.violation(
                    field + ".source",
                    "is missing; write an address or CIDR"
                            + (type.allows() ? " to let in" : " to deny")
                            + ", or name an address set in \"set\"");
        }
    }

    private boolean refuseIds(dev.portcullis.api.v1.Rule rule, String field) {
        boolean cluster = !rule.getRemoteClusterId().isEmpty();
        boolean organization = !rule.getRemoteClusterOrgId().isEmpty();
        String why =
                "can't be enforced: the id is inside TLS, where no packet filter sees it; write the"
                        + " source addresses of the remote cluster instead";
        if (cluster) {
            findings.violation(field + ".remoteClusterId", why);
        }
        if (organization) {
            findings.violation(field + ".remoteClusterOrgId", why);
        }
        return cluster || organization;
    }

    private void set(dev.portcullis.api.v1.Rule rule, String field) {
        if (!rule.getSource().isEmpty()) {
            findings.violation(field + ".set", "can't stand beside source; make two rules of them");
        } else if (CommonCheck.isName(rule.getSet())) {
            add("set " + rule.getSet(), new Peers.InSet(rule.getSet()), rule, field + ".set");
        } else {
            findings.violation(
                    field + ".set",
                    Quoted.of(rule.getSet()) + " is not the name of an address set");
        }
    }

    private void source(dev.portcullis.api.v1.Rule rule, String field) {
        try {
            PrefixText text = PrefixText.parse(rule.getSource());
            if (text.hostBits()) {
                Warnings.hostBits(findings, field + ".source", rule.getSource(), text.prefix());
            }
            warnOfEverybody(text.prefix(), field);
            add(rule.getSource(), text.prefix(), rule, field + ".source");
        } catch (IllegalArgumentException e) {
            findings.violation(field + ".source", e.getMessage());
        }
    }

    private void warnOfEverybody(Prefix prefix, String field) {
        if (prefix.length() == 0) {
            findings.warning(
                    type.allows()
                            ? "rules that open a family to the world"
                            : "rules that deny a whole family",
                    field + ".source",
                    prefix
                            + (type.allows() ? " opens the resources" : " closes the resources")
                            + " of this policy to all of "
                            + prefix.family().text());
        }
    }

    private void add(String text, Peers peers, dev.portcullis.api.v1.Rule rule, String field) {
        Integer earlier = first.putIfAbsent(peers, rules.size());
        if (earlier != null) {
            findings.warning(
                    "sources that an earlier rule has",
                    field,
                    (peers instanceof Prefix ? peers : text)
                            + " is the source of spec.rules["
                            + earlier
                            + "] too; this rule adds nothing");
        }
        rules.add(new Rule(text, peers, action, rule.getDescription()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import com.google.common.collect.Maps;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A policy as it came in, to a {@link Policy}. */
final class PolicyCheck {
    /** Types of the language that this version does not enforce yet. */
    private static final Set<String> LATER =
            Set.of(
                    "egress_firewall",
                    "vpce",
                    "azure_private_endpoint",
                    "gcp_private_service_connect_endpoint",
                    "remote_cluster",
                    "allow_deny",
                    "blocklist");

    private final dev.portcullis.api.v1.Policy policy;
    private final Findings findings;

    PolicyCheck(dev.portcullis.api.v1.Policy policy) {
        this.policy = policy;
        String name = policy.getMetadata().getName();
        this.findings = new Findings(new ObjectName(ObjectKind.POLICY, name).toString());
    }

    Checked<Policy> check() {
        PolicySpec spec = policy.getSpec();
        CommonCheck.name(policy.getMetadata(), ObjectKind.POLICY, findings);
        type(spec.getType());
        CommonCheck.description(spec.getDescription(), "spec", findings);
        List<Rule> rules = LATER.contains(spec.getType()) ? List.of() : rules(spec.getRulesList());
        return findings.checked(() ->
                new Policy(
                        policy.getMetadata().getName(),
                        PolicyType.IP,
                        rules,
                        spec.getDescription()));
    }

    private void type(String type) {
        List<String> supported = List.of(PolicyType.IP.text());
        String remedy = "; supported: " + String.join(", ", supported);
        if (type.isEmpty()) {
            findings.violation("spec.type", "is missing" + remedy);
        } else if (LATER.contains(type)) {
            findings.violation(
                    "spec.type", "type " + type + " is not supported by this version" + remedy);
        } else if (!supported.contains(type)) {
            List<String> known = new ArrayList<>(supported);
            known.addAll(LATER);
            findings.violation(
                    "spec.type",
                    "no type is named "
                            + Quoted.of(type)
                            + Suggestion.didYouMean(type, known)
                            + remedy);
        }
    }

    private List<Rule> rules(List<dev.portcullis.api.v1.Rule> given) {
        List<Rule> rules = new ArrayList<>(given.size());
        Map<Prefix, Integer> first = Maps.newHashMapWithExpectedSize(given.size());
        for (int i = 0; i < given.size(); i++) {
            rule(given.get(i), i, first, rules);
        }
        return rules;
    }

    private void rule(
            dev.portcullis.api.v1.Rule rule,
            int index,
            Map<Prefix, Integer> first,
            List<Rule> rules) {
        if (!rule.getDescription().isEmpty()) {
            CommonCheck.description(rule.getDescription(), at(index), findings);
        }
        if (rule.getSource().isEmpty()) {
            findings.violation(
                    at(index) + ".source", "is missing; write an address or CIDR to let in");
            return;
        }
        try {
            PrefixText text = PrefixText.parse(rule.getSource());
            warn(rule.getSource(), text, index, first.putIfAbsent(text.prefix(), index));
            rules.add(new Rule(rule.getSource(), text.prefix(), rule.getDescription()));
        } catch (IllegalArgumentException e) {
            findings.violation(at(index) + ".source", e.getMessage());
        }
    }

    private void warn(String source, PrefixText text, int index, Integer earlier) {
        Prefix prefix = text.prefix();
        if (text.hostBits()) {
            Warnings.hostBits(findings, at(index) + ".source", source, prefix);
        }
        if (prefix.length() == 0) {
            findings.warning(
                    "rules that open a family to the world",
                    at(index) + ".source",
                    prefix + " opens the resources of this policy to all of " + family(prefix));
        }
        if (earlier != null) {
            findings.warning(
                    "sources that an earlier rule has",
                    at(index) + ".source",
                    prefix + " is the source of " + at(earlier) + " too; this rule adds nothing");
        }
    }

    private static String family(Prefix prefix) {
        return switch (prefix.family()) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }

    private static String at(int index) {
        return "spec.rules[" + index + "]";
    }
}

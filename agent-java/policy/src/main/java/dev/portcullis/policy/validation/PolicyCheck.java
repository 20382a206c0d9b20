// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Rule;
import java.util.List;
import java.util.Optional;

/** A policy as it came in, to a {@link Policy}. */
final class PolicyCheck {
    private static final List<String> SUPPORTED = PolicyType.texts();

    private final dev.portcullis.api.v1.Policy policy;
    private final PolicySpec spec;
    private final Findings findings;

    PolicyCheck(dev.portcullis.api.v1.Policy policy) {
        this.policy = policy;
        this.spec = policy.getSpec();
        String name = policy.getMetadata().getName();
        this.findings = new Findings(new ObjectName(ObjectKind.POLICY, name).toString());
    }

    Checked<Policy> check() {
        CommonCheck.name(policy.getMetadata(), ObjectKind.POLICY, findings);
        Optional<PolicyType> type = type();
        CommonCheck.description(spec.getDescription(), "spec", findings);
        CommonCheck.region(spec.getRegion(), findings);
        List<Rule> rules = rules(type.orElseGet(this::guessedType));
        return findings.checked(() ->
                new Policy(
                        policy.getMetadata().getName(),
                        type.orElseThrow(),
                        rules,
                        !spec.hasEnabled() || spec.getEnabled(),
                        spec.getFallback(),
                        spec.getRegion(),
                        spec.getIncludeByDefault(),
                        spec.getDescription()));
    }

    private Optional<PolicyType> type() {
        String text = spec.getType();
        Optional<PolicyType> type = PolicyType.of(text);
        if (type.isEmpty()) {
            String remedy = "; supported: " + String.join(", ", SUPPORTED);
            findings.violation("spec.type", refusal(text) + remedy);
        }
        return type;
    }

    /** By its fields, so that what is wrong with them is told beside a type that is wrong. */
    private PolicyType guessedType() {
        if (spec.getAllowCount() + spec.getDenyCount() > 0) {
            return PolicyType.ALLOW_DENY;
        }
        return spec.getRulesList().stream().anyMatch(dev.portcullis.api.v1.Rule::hasEgressRule)
                ? PolicyType.EGRESS_FIREWALL
                : PolicyType.IP;
    }

    private static String refusal(String type) {
        if (type.isEmpty()) {
            return "is missing";
        }
        return "no type is named " + Quoted.of(type) + Suggestion.didYouMean(type, SUPPORTED);
    }

    private List<Rule> rules(PolicyType type) {
        if (type == PolicyType.ALLOW_DENY) {
            refuse("rules", spec.getRulesCount() > 0, "write them in allow and deny");
            return new AddressListCheck(findings).rules(spec.getAllowList(), spec.getDenyList());
        }
        String remedy = "it is for type " + PolicyType.ALLOW_DENY.text();
        refuse("allow", spec.getAllowCount() > 0, remedy);
        refuse("deny", spec.getDenyCount() > 0, remedy);
        refuse("enabled", spec.hasEnabled(), remedy);
        refuse("fallback", !spec.getFallback().isEmpty(), remedy);
        if (type.endpoints().isPresent()) {
            return EndpointRuleCheck.rules(type, spec.getRulesList(), findings);
        }
        return type == PolicyType.EGRESS_FIREWALL
                ? EgressRuleCheck.rules(spec.getRulesList(), findings)
                : RuleCheck.rules(type, spec.getRulesList(), findings);
    }

    private void refuse(String field, boolean given, String remedy) {
        if (given) {
            findings.violation(
                    "spec." + field,
                    "is not for policies of type " + spec.getType() + "; " + remedy);
        }
    }
}

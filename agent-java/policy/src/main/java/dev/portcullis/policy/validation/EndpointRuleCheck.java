// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The {@code rules} of a policy about private endpoints. */
final class EndpointRuleCheck {
    private final PolicyType type;
    private final Findings findings;
    private final Map<Peers, Integer> first = new HashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    private EndpointRuleCheck(PolicyType type, Findings findings) {
        this.type = type;
        this.findings = findings;
    }

    static List<Rule> rules(
            PolicyType type, List<dev.portcullis.api.v1.Rule> given, Findings findings) {
        EndpointRuleCheck check = new EndpointRuleCheck(type, findings);
        for (int i = 0; i < given.size(); i++) {
            check.check(given.get(i), "spec.rules[" + i + "]", i);
        }
        return check.rules;
    }

    private void check(dev.portcullis.api.v1.Rule rule, String at, int index) {
        if (!rule.getDescription().isEmpty()) {
            CommonCheck.description(rule.getDescription(), at, findings);
        }
        refuse(at + ".set", !rule.getSet().isEmpty());
        refuse(at + ".egressRule", rule.hasEgressRule());
        refuse(at + ".remoteClusterId", !rule.getRemoteClusterId().isEmpty());
        refuse(at + ".remoteClusterOrgId", !rule.getRemoteClusterOrgId().isEmpty());
        if (type == PolicyType.AZURE_PRIVATE_ENDPOINT) {
            azure(rule, at, index);
            return;
        }
        refuseAzure(rule, at, type, findings);
        String id = rule.getSource();
        String field = at + ".source";
        if (id.isEmpty()) {
            findings.violation(field, "is missing; write " + wanted());
        } else {
            parsed(id, field, type == PolicyType.VPCE ? EndpointText::vpce : EndpointText::gcp)
                    .ifPresent(peers -> add(peers, id, rule, field, index));
        }
    }

    private <T> Optional<T> parsed(String text, String field, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            findings.violation(field, e.getMessage());
            return Optional.empty();
        }
    }

    private void refuse(String field, boolean given) {
        if (given) {
            findings.violation(field, "is not for policies of type " + type.text());
        }
    }

    /** What only rules about Azure's private endpoints have. */
    static void refuseAzure(
            dev.portcullis.api.v1.Rule rule, String at, PolicyType type, Findings findings) {
        if (!isForAzure(rule)) {
            return;
        }
        String why =
                "is not for policies of type "
                        + type.text()
                        + "; it is for type "
                        + PolicyType.AZURE_PRIVATE_ENDPOINT.text();
        if (rule.hasLinkId()) {
            findings.violation(at + ".linkId", why);
        }
        if (!rule.getAzureEndpointName().isEmpty()) {
            findings.violation(at + ".azureEndpointName", why);
        }
        if (!rule.getAzureEndpointGuid().isEmpty()) {
            findings.violation(at + ".azureEndpointGuid", why);
        }
    }

    private static boolean isForAzure(dev.portcullis.api.v1.Rule rule) {
        return rule.hasLinkId()
                || !rule.getAzureEndpointName().isEmpty()
                || !rule.getAzureEndpointGuid().isEmpty();
    }

    private String wanted() {
        return type == PolicyType.VPCE
                ? "the id of a VPC endpoint, such as " + EndpointText.vpce()
                : "the PSC connection id, an unsigned number of 64 bits, such as "
                        + EndpointText.gcp();
    }

    private void azure(dev.portcullis.api.v1.Rule rule, String at, int index) {
        boolean named =
                !rule.getAzureEndpointName().isEmpty() || !rule.getAzureEndpointGuid().isEmpty();
        if (!rule.getSource().isEmpty()) {
            findings.violation(
                    at + ".source",
                    "is not for policies of type " + type.text() + "; write linkId instead");
        } else if (!rule.hasLinkId() && !named) {
            findings.violation(
                    at + ".linkId",
                    "is missing; write the link identifier of the private endpoint's connection,"
                            + " such as 134217729, or azureEndpointName and azureEndpointGuid");
        }
        if (rule.hasLinkId() && named) {
            findings.violation(
                    at + ".linkId",
                    "can't stand beside azureEndpointName and azureEndpointGuid; write one or the"
                            + " other");
        } else if (rule.hasLinkId()) {
            PrivateEndpoint endpoint =
                    PrivateEndpoint.azure(Integer.toUnsignedLong(rule.getLinkId()));
            add(new Peers.Endpoint(endpoint), endpoint.toString(), rule, at + ".linkId", index);
        }
        if (named) {
            azureByName(rule, at, index);
        }
    }

    private void azureByName(dev.portcullis.api.v1.Rule rule, String at, int index) {
        String nameField = at + ".azureEndpointName";
        String guidField = at + ".azureEndpointGuid";
        Optional<String> name =
                given(rule.getAzureEndpointName(), nameField, "the private endpoint's name")
                        .flatMap(text -> parsed(text, nameField, EndpointText::azureName));
        Optional<String> guid =
                given(
                                rule.getAzureEndpointGuid(),
                                guidField,
                                "the private endpoint's resource GUID")
                        .flatMap(text -> parsed(text, guidField, EndpointText::guid));
        if (name.isPresent() && guid.isPresent()) {
            add(
                    new Peers.AzureEndpoint(name.get(), guid.get()),
                    name.get() + "." + guid.get(),
                    rule,
                    nameField,
                    index);
        }
    }

    private Optional<String> given(String text, String field, String what) {
        if (text.isEmpty()) {
            findings.violation(field, "is missing; write " + what + " too");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private void add(
            Peers peers, String text, dev.portcullis.api.v1.Rule rule, String field, int index) {
        Integer earlier = first.putIfAbsent(peers, index);
        if (earlier != null) {
            findings.warning(
                    "sources that an earlier rule has",
                    field,
                    text + " is in spec.rules[" + earlier + "] too; this rule adds nothing");
        }
        rules.add(new Rule(text, peers, Rule.Action.ALLOW, rule.getDescription()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.EgressRule;
import dev.portcullis.policy.validation.EndpointText;
import dev.portcullis.policy.validation.Findings;
import dev.portcullis.policy.validation.PrefixText;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.RemotePortsCheck;
import dev.portcullis.policy.validation.Suggestion;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads rule sets, and tells everything that is wrong with them. */
final class RuleSetReader {
    private static final String AZURE_NAME = "azure_endpoint_name";
    private static final String AZURE_GUID = "azure_endpoint_guid";

    private RuleSetReader() {}

    /** The rule sets of the body of {@code GET …/traffic-filter/rulesets}. */
    static List<RuleSet> read(SingleDocument document) {
        Fields body = Fields.of(document);
        if (!body.has("rulesets") && document.violations().isEmpty()) {
            body.refuse(
                    "rulesets",
                    "is missing; save the body of GET"
                            + " /api/v1/deployments/traffic-filter/rulesets?include_associations=true");
        }
        List<RuleSet> sets = new ArrayList<>();
        for (Fields set : body.objects("rulesets")) {
            ruleSet(set).ifPresent(sets::add);
        }
        return sets;
    }

    private static Optional<RuleSet> ruleSet(Fields set) {
        String typeText = set.required("type");
        Optional<RuleSetType> type = RuleSetType.of(typeText);
        if (type.isEmpty() && !typeText.isEmpty()) {
            set.refuse("type", unknown(typeText));
        }
        String id = set.text("id");
        String name = set.text("name");
        if (name.isBlank() && id.isBlank()) {
            set.refuse("name", "is missing");
        }
        List<RuleSet.Entry> rules = new ArrayList<>();
        for (Fields rule : set.objects("rules")) {
            type.ifPresent(known -> rules.add(rule(rule, known)));
        }
        Optional<List<RuleSet.Entity>> associations =
                set.has("associations") ? Optional.of(entities(set)) : Optional.empty();
        String description = set.text("description");
        boolean byDefault = set.flag("include_by_default");
        String region = region(set);
        int total = set.number("total_associations");
        return type.map(known ->
                new RuleSet(
                        id,
                        name,
                        description,
                        known,
                        byDefault,
                        region,
                        rules,
                        associations,
                        total));
    }

    private static String unknown(String type) {
        return "no type of rule set is named "
                + Quoted.of(type)
                + Suggestion.didYouMean(type, RuleSetType.texts())
                + "; known: "
                + String.join(", ", RuleSetType.texts());
    }

    private static String region(Fields set) {
        String region = set.text("region");
        if (!region.matches("[A-Za-z0-9._-]{0,128}")) {
            set.refuse(
                    "region",
                    Quoted.of(region)
                            + " is not a region; known are such of up to 128 letters, digits, \"-\","
                            + " \".\" and \"_\"");
        }
        return region;
    }

    private static RuleSet.Entry rule(Fields rule, RuleSetType type) {
        String source = rule.text("source");
        String cluster = rule.text("remote_cluster_id");
        String organization = rule.text("remote_cluster_org_id");
        boolean byId = !cluster.isEmpty() || !organization.isEmpty();
        Optional<EgressRule> egress = Optional.empty();
        switch (type) {
            case IP -> check(rule, "source", type, PrefixText::parse);
            case REMOTE_CLUSTER -> {
                if (!source.isEmpty() || !byId) {
                    check(rule, "source", type, PrefixText::parse);
                }
            }
            case EGRESS_FIREWALL -> egress = egress(rule);
            case VPCE -> check(rule, "source", type, EndpointText::vpce);
            case GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT ->
                    check(rule, "source", type, EndpointText::gcp);
            case AZURE_PRIVATE_ENDPOINT -> {
                check(rule, AZURE_NAME, type, EndpointText::azureName);
                check(rule, AZURE_GUID, type, EndpointText::guid);
            }
        }
        return new RuleSet.Entry(
                source,
                rule.text("description"),
                cluster,
                organization,
                egress,
                rule.text(AZURE_NAME),
                rule.text(AZURE_GUID));
    }

    /**
     * @param parse refuses what is wrong
     */
    private static void check(Fields rule, String field, RuleSetType type, Consumer<String> parse) {
        String text = rule.text(field);
        if (text.isEmpty()) {
            rule.refuse(field, "is missing, and this rule set is of type " + type.text());
            return;
        }
        try {
            parse.accept(text);
        } catch (IllegalArgumentException e) {
            rule.refuse(field, e.getMessage());
        }
    }

    private static Optional<EgressRule> egress(Fields rule) {
        if (!rule.has("egress_rule")) {
            rule.refuse("egress_rule", "is missing, and this rule set is of type egress_firewall");
            return Optional.empty();
        }
        Fields fields = rule.object("egress_rule");
        String target = fields.required("target");
        if (!target.isBlank()) {
            check(fields, "target", RuleSetType.EGRESS_FIREWALL, PrefixText::parse);
        }
        EgressRule egress =
                EgressRule.newBuilder()
                        .setTarget(target)
                        .setProtocol(fields.required("protocol"))
                        .addAllPorts(fields.texts("ports"))
                        .build();
        Findings findings = new Findings("");
        RemotePortsCheck.check(egress, "", findings);
        findings.violations()
                .forEach(wrong -> fields.refuse(wrong.field().substring(1), wrong.message()));
        return Optional.of(egress);
    }

    private static List<RuleSet.Entity> entities(Fields set) {
        LinkedHashSet<RuleSet.Entity> entities = new LinkedHashSet<>();
        for (Fields association : set.objects("associations")) {
            entities.add(
                    new RuleSet.Entity(
                            association.text("entity_type"), association.required("id")));
        }
        return List.copyOf(entities);
    }
}

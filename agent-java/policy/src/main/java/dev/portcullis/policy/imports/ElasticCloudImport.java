// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Policy;
import dev.portcullis.api.v1.PolicySpec;
import dev.portcullis.api.v1.Rule;
import dev.portcullis.policy.file.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From the rule sets of Elastic Cloud and Elastic Cloud Enterprise, as {@code GET
 * …/traffic-filter/rulesets?include_associations=true} answers with them, to policies, and a
 * resource for each deployment that has some: two where they are for both directions, since the
 * ports at which a deployment is reached are not those from which it connects to others.
 *
 * <p>Where it is, and which load balancers are in front of it, the operator has to fill in. Until
 * then it is closed to private connections: nothing gets open by an import.
 */
public final class ElasticCloudImport {
    private final SourceText source;
    private final SingleDocument document;
    private final ObjectNames policyNames = new ObjectNames();
    private final ObjectNames resourceNames = new ObjectNames();
    private final PlaceholderAddresses placeholders = new PlaceholderAddresses();
    private final List<Remark> remarks = new ArrayList<>();
    private final List<ImportedObject> objects = new ArrayList<>();
    private final Map<RuleSet.Entity, CloudResource> resources = new LinkedHashMap<>();

    private ElasticCloudImport(SourceText source) {
        this.source = source;
        this.document = new SingleDocument(source, "the JSON of Elastic's rule sets");
    }

    public static Imported read(SourceText source) {
        return new ElasticCloudImport(source).imported();
    }

    private Imported imported() {
        List<RuleSet> sets = RuleSetReader.read(document);
        if (!document.violations().isEmpty()) {
            return Imported.refused(document.violations());
        }
        remarks.add(
                Remark.about(
                        "Made from " + source.name() + " by portcullis import elastic-cloud."));
        sets.forEach(this::add);
        resources.forEach((entity, resource) -> {
            String name = resourceNames.name(entity.toString(), "deployment");
            String address = placeholders.next();
            if (resource.isGuarded()) {
                objects.add(resource.guarded(name, address, placeholders));
            }
            if (resource.isFenced()) {
                String fenced =
                        resource.isGuarded()
                                ? resourceNames.name(name + "-egress", "deployment-egress")
                                : name;
                objects.add(resource.fenced(fenced, address));
            }
        });
        return new Imported(remarks, objects, List.of());
    }

    private void add(RuleSet set) {
        if (set.associations().isEmpty()) {
            remarks.add(
                    Remark.lost(
                            "associations of "
                                    + CloudText.name(set)
                                    + ", which the file does not hold; ask for them with"
                                    + " ?include_associations=true"));
        }
        List<RuleSet.Entity> entities = set.associations().orElse(List.of());
        List<CloudResource> associated =
                entities.stream()
                        .map(entity -> resources.computeIfAbsent(entity, CloudResource::new))
                        .toList();
        String name = policyNames.name(set.name(), "rule-set-" + set.id());
        objects.add(policy(name, set));
        associated.forEach(resource -> resource.associate(set, name));
        int unseen = set.totalAssociations() - entities.size();
        if (unseen > 0 && set.associations().isPresent()) {
            remarks.add(
                    Remark.lost(
                            unseen
                                    + " of the associations of "
                                    + CloudText.name(set)
                                    + ", which the user of the API key may not see"));
        }
    }

    private static ImportedObject policy(String name, RuleSet set) {
        String description = CloudText.description(set.description());
        PolicySpec.Builder spec =
                PolicySpec.newBuilder()
                        .setType(set.type().text())
                        .setDescription(
                                description.isEmpty() && !set.name().equals(name)
                                        ? CloudText.description(set.name())
                                        : description)
                        .setRegion(set.region())
                        .setIncludeByDefault(set.includeByDefault());
        List<String> byId = new ArrayList<>();
        for (RuleSet.Entry rule : set.rules()) {
            if (rule.isById()) {
                byId.add(CloudText.rule(rule));
            } else {
                spec.addRules(rule(set.type(), rule));
            }
        }
        List<Remark> remarks = new ArrayList<>();
        remarks.add(Remark.about("Elastic's " + CloudText.name(set)));
        if (!byId.isEmpty()) {
            remarks.add(
                    new Remark(
                            true,
                            CloudText.name(set)
                                    + ": rules by the id of a cluster or organization, which is"
                                    + " inside TLS, where no packet filter sees it; write the source"
                                    + " addresses of the remote cluster instead",
                            byId));
        }
        if (set.type() == RuleSetType.AZURE_PRIVATE_ENDPOINT) {
            remarks.add(
                    Remark.about(
                            "The agent looks its endpoints up in the file that azureConnections of"
                                    + " agent.yaml names, and refuses those that are not in it"));
        }
        Metadata metadata = Metadata.newBuilder().setName(name).build();
        Policy policy = Policy.newBuilder().setMetadata(metadata).setSpec(spec).build();
        return new ImportedObject(policy, remarks);
    }

    private static Rule rule(RuleSetType type, RuleSet.Entry entry) {
        Rule.Builder rule =
                Rule.newBuilder().setDescription(CloudText.description(entry.description()));
        entry.egress().ifPresent(rule::setEgressRule);
        return switch (type) {
            case EGRESS_FIREWALL -> rule.build();
            case AZURE_PRIVATE_ENDPOINT ->
                    rule.setAzureEndpointName(entry.azureName())
                            .setAzureEndpointGuid(entry.azureGuid())
                            .build();
            default -> rule.setSource(entry.source()).build();
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.api.v1.Metadata;
import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.ProxyProtocol;
import dev.portcullis.api.v1.Resource;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.model.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What rule sets are associated with, as resources whose place the operator has to fill in. */
final class CloudResource {
    /** Of Elastic's proxies: HTTPS twice, transport, and the service for remote clusters. */
    private static final List<Integer> PORTS = List.of(443, 9243, 9343, 9443);

    private final RuleSet.Entity entity;
    private final Map<String, RuleSet> policies = new LinkedHashMap<>();

    CloudResource(RuleSet.Entity entity) {
        this.entity = entity;
    }

    void associate(RuleSet set, String policy) {
        policies.put(policy, set);
    }

    /** Whether there are rule sets for what arrives. */
    boolean isGuarded() {
        return policies.values().stream().anyMatch(set -> set.type().isIngress());
    }

    /** Whether there are rule sets for what leaves. */
    boolean isFenced() {
        return policies.values().stream().anyMatch(set -> !set.type().isIngress());
    }

    private boolean isPrivate() {
        return policies.values().stream().anyMatch(set -> set.type().isPrivate());
    }

    /**
     * The ports at which it is reached, with every policy: what is sent from them is no exception.
     */
    ImportedObject guarded(String name, String address, PlaceholderAddresses placeholders) {
        ResourceSpec.Builder spec = spec(address).addAllPolicies(policies.keySet());
        PORTS.forEach(port ->
                spec.addPorts(Port.newBuilder().setProtocol(Protocol.TCP.name()).setPort(port)));
        List<Remark> remarks = new ArrayList<>();
        remarks.add(
                Remark.lost(
                        "addresses and ports of "
                                + entity
                                + ", which the file does not hold; write where it is in place of"
                                + " these, of which the address protects nothing and the ports are"
                                + " those of Elastic Cloud"));
        if (isPrivate()) {
            spec.setProxyProtocol(ProxyProtocol.newBuilder().addFrom(placeholders.next()));
            remarks.add(
                    Remark.lost(
                            "load balancers of "
                                    + entity
                                    + ", which the file does not hold; write the addresses from"
                                    + " which they connect, with PROXY protocol version 2, in"
                                    + " proxyProtocol.from in place of this one, which is nobody's;"
                                    + " until then nobody gets in by a private endpoint"));
        }
        region(spec, remarks);
        return object(name, spec, remarks);
    }

    /** Every port of it, with the policies for what leaves. */
    ImportedObject fenced(String name, String address) {
        ResourceSpec.Builder spec = spec(address);
        policies.forEach((policy, set) -> {
            if (!set.type().isIngress()) {
                spec.addPolicies(policy);
            }
        });
        List<Remark> remarks = new ArrayList<>();
        remarks.add(
                Remark.lost(
                        "addresses of "
                                + entity
                                + ", which the file does not hold; write from where it connects to"
                                + " others in place of this one, which protects nothing"));
        region(spec, remarks);
        return object(name, spec, remarks);
    }

    private ResourceSpec.Builder spec(String address) {
        return ResourceSpec.newBuilder()
                .addAddresses(address)
                .setDescription(CloudText.description("Elastic Cloud " + entity));
    }

    private static ImportedObject object(
            String name, ResourceSpec.Builder spec, List<Remark> remarks) {
        Metadata metadata = Metadata.newBuilder().setName(name).build();
        Resource resource = Resource.newBuilder().setMetadata(metadata).setSpec(spec).build();
        return new ImportedObject(resource, remarks);
    }

    /** Elastic associates rule sets with what is in their region only. */
    private void region(ResourceSpec.Builder spec, List<Remark> remarks) {
        Set<String> regions =
                policies.values().stream()
                        .map(RuleSet::region)
                        .filter(region -> !region.isEmpty())
                        .collect(Collectors.toSet());
        if (regions.size() == 1) {
            spec.setRegion(regions.iterator().next());
        } else if (!regions.isEmpty()) {
            remarks.add(
                    Remark.lost(
                            "the region of "
                                    + entity
                                    + ": its rule sets are of different regions; write its own"));
        }
    }
}

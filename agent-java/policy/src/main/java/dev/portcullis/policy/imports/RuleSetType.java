// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.model.PolicyType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The types of rule sets that Elastic Cloud has. */
enum RuleSetType {
    IP("ip", Optional.of(PolicyType.IP), true),
    REMOTE_CLUSTER("remote_cluster", Optional.of(PolicyType.REMOTE_CLUSTER), true),
    EGRESS_FIREWALL("egress_firewall", Optional.of(PolicyType.EGRESS_FIREWALL), false),
    VPCE("vpce", Optional.empty(), true),
    AZURE_PRIVATE_ENDPOINT("azure_private_endpoint", Optional.empty(), true),
    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT(
            "gcp_private_service_connect_endpoint", Optional.empty(), true);

    private final String text;
    private final Optional<PolicyType> policyType;
    private final boolean ingress;

    RuleSetType(String text, Optional<PolicyType> policyType, boolean ingress) {
        this.text = text;
        this.policyType = policyType;
        this.ingress = ingress;
    }

    static Optional<RuleSetType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(type -> type.text).toList();
    }

    /** The name in Elastic's interface. */
    String text() {
        return text;
    }

    /** The type of the policy that is made of it; empty if this version enforces none like it. */
    Optional<PolicyType> policyType() {
        return policyType;
    }

    /** Whether what associates it is closed to all that no rule set lets in. */
    boolean isIngress() {
        return ingress;
    }
}

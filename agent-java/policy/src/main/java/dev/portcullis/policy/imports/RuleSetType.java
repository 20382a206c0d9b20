// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.PolicyType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The types of rule sets that Elastic Cloud has; the policies of them are of the same names. */
enum RuleSetType {
    IP(PolicyType.IP),
    REMOTE_CLUSTER(PolicyType.REMOTE_CLUSTER),
    EGRESS_FIREWALL(PolicyType.EGRESS_FIREWALL),
    VPCE(PolicyType.VPCE),
    AZURE_PRIVATE_ENDPOINT(PolicyType.AZURE_PRIVATE_ENDPOINT),
    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT(PolicyType.GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT);

    private final PolicyType policyType;

    RuleSetType(PolicyType policyType) {
        this.policyType = policyType;
    }

    static Optional<RuleSetType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst();
    }

    static List<String> texts() {
        return Arrays.stream(values()).map(RuleSetType::text).toList();
    }

    /** The name in Elastic's interface. */
    String text() {
        return policyType.text();
    }

    /** Whether what associates it is closed to all that no rule set lets in. */
    boolean isIngress() {
        return policyType.judges(Direction.INGRESS);
    }

    /** Whether it lets in who comes by private endpoints. */
    boolean isPrivate() {
        return policyType.endpoints().isPresent();
    }
}

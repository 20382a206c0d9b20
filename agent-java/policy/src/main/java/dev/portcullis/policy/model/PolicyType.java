// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a policy's rules are about. */
public enum PolicyType {
    /** Ingress; a rule matches when the packet's source address is inside its {@code source}. */
    IP("ip"),
    /** The same, for packets to the resource's remote-cluster port alone. */
    REMOTE_CLUSTER("remote_cluster"),
    /**
     * Elasticsearch's IP filter: own addresses, every allow rule, every deny rule, else allowed.
     */
    ALLOW_DENY("allow_deny"),
    /**
     * Ingress; a rule matches when the connection came by this AWS VPC endpoint, as its balancer
     * says.
     */
    VPCE("vpce"),
    /** The same of a link identifier of Azure Private Link. */
    AZURE_PRIVATE_ENDPOINT("azure_private_endpoint"),
    /** The same of a connection id of GCP Private Service Connect. */
    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT("gcp_private_service_connect_endpoint"),
    /** Egress; a rule matches by the packet's destination, protocol and destination port. */
    EGRESS_FIREWALL("egress_firewall"),
    /** Both ways; a rule that matches the remote address denies, whatever else allows. */
    BLOCKLIST("blocklist");

    private final String text;

    PolicyType(String text) {
        this.text = text;
    }

    /** The type of this name in files, if there is one. */
    public static Optional<PolicyType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    /** The names in files. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(PolicyType::text).toList();
    }

    /** The name in files. */
    public String text() {
        return text;
    }

    /** Whose private endpoints its rules are about; empty if they are about addresses. */
    public Optional<PrivateEndpoint.Kind> endpoints() {
        return switch (this) {
            case VPCE -> Optional.of(PrivateEndpoint.Kind.AWS);
            case AZURE_PRIVATE_ENDPOINT -> Optional.of(PrivateEndpoint.Kind.AZURE);
            case GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT -> Optional.of(PrivateEndpoint.Kind.GCP);
            default -> Optional.empty();
        };
    }

    /** Whether what such a policy matches is let through, rather than denied. */
    public boolean allows() {
        return this != BLOCKLIST;
    }

    /**
     * Whether a resource that associates such a policy is closed, in this direction, to what no
     * policy matches.
     */
    public boolean allows(Direction direction) {
        return allows() && judges(direction);
    }

    /** Whether such a policy has a say in packets of this direction. */
    public boolean judges(Direction direction) {
        return switch (this) {
            case IP,
                    REMOTE_CLUSTER,
                    ALLOW_DENY,
                    VPCE,
                    AZURE_PRIVATE_ENDPOINT,
                    GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT ->
                    direction == Direction.INGRESS;
            case EGRESS_FIREWALL -> direction == Direction.EGRESS;
            case BLOCKLIST -> true;
        };
    }
}

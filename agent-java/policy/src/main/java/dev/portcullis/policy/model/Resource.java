// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is protected.
 *
 * @param addresses what it selects by local address
 * @param ports at least one
 * @param interfaces names; empty means all that the agent guards
 * @param workload whose packets it is about; it then has no say in those that arrive
 * @param policies names of the policies that it associates itself, in order; {@link
 *     DesiredState#associated} has them all
 * @param enforcement what becomes of what is denied
 * @param remoteClusterPort the TCP port that {@link PolicyType#REMOTE_CLUSTER} is about
 * @param balancers addresses of the load balancers in front of it, whose TCP connections begin with
 *     a PROXY header; empty for none
 * @param region empty for none
 */
public record Resource(
        String name,
        LocalAddresses addresses,
        List<PortMatch> ports,
        Set<String> interfaces,
        Optional<Workload> workload,
        List<String> policies,
        Enforcement enforcement,
        int remoteClusterPort,
        Set<Prefix> balancers,
        String region,
        String description) {
    /** Elasticsearch's default for {@code remote_cluster.port}. */
    public static final int REMOTE_CLUSTER_PORT = 9443;

    public Resource {
        ports = List.copyOf(ports);
        interfaces = Set.copyOf(interfaces);
        policies = List.copyOf(policies);
        balancers = Set.copyOf(balancers);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("no ports; PortMatch.EVERYTHING stands for all");
        }
    }

    /** One that is about packets of every process, and those that arrive, without balancers. */
    public Resource(
            String name,
            LocalAddresses addresses,
            List<PortMatch> ports,
            Set<String> interfaces,
            List<String> policies,
            Enforcement enforcement,
            int remoteClusterPort,
            String region,
            String description) {
        this(
                name,
                addresses,
                ports,
                interfaces,
                Optional.empty(),
                policies,
                enforcement,
                remoteClusterPort,
                Set.of(),
                region,
                description);
    }

    /** One that says nothing beyond what it selects and associates. */
    public static Resource of(
            String name,
            LocalAddresses addresses,
            List<PortMatch> ports,
            Set<String> interfaces,
            List<String> policies) {
        return new Resource(
                name,
                addresses,
                ports,
                interfaces,
                policies,
                Enforcement.DROP,
                REMOTE_CLUSTER_PORT,
                "",
                "");
    }

    /** The same for packets of these processes alone. */
    public Resource withWorkload(Workload processes) {
        return new Resource(
                name,
                addresses,
                ports,
                interfaces,
                Optional.of(processes),
                policies,
                enforcement,
                remoteClusterPort,
                balancers,
                region,
                description);
    }

    /** The same behind these balancers. */
    public Resource withBalancers(Set<Prefix> inFront) {
        return new Resource(
                name,
                addresses,
                ports,
                interfaces,
                workload,
                policies,
                enforcement,
                remoteClusterPort,
                inFront,
                region,
                description);
    }

    /** The same with other policies of its own. */
    public Resource withPolicies(List<String> names) {
        return new Resource(
                name,
                addresses,
                ports,
                interfaces,
                workload,
                names,
                enforcement,
                remoteClusterPort,
                balancers,
                region,
                description);
    }

    /** Whether it has a say in packets of this direction. */
    public boolean judges(Direction direction) {
        return direction == Direction.EGRESS || workload.isEmpty();
    }
}

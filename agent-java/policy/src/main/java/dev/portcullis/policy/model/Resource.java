// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.model;

import java.util.List;
import java.util.Set;

/**
 * What is protected.
 *
 * @param addresses what it selects by local address
 * @param ports at least one
 * @param interfaces names; empty means all that the agent guards
 * @param policies names of the associated policies, in order; with none the resource is open
 */
public record Resource(
        String name,
        LocalAddresses addresses,
        List<PortMatch> ports,
        Set<String> interfaces,
        List<String> policies,
        String description) {
    public Resource {
        ports = List.copyOf(ports);
        interfaces = Set.copyOf(interfaces);
        policies = List.copyOf(policies);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("no ports; PortMatch.EVERYTHING stands for all");
        }
    }

    /** Whether what no policy matches is dropped. */
    public boolean isProtected() {
        return !policies.isEmpty();
    }
}

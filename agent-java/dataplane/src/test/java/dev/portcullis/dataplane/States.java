// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** States with one resource. */
final class States {
    private States() {}

    /** A policy of type {@code ip}. */
    static Policy ip(String name, String... sources) {
        List<Rule> rules =
                Arrays.stream(sources).map(text -> Rule.allow(text, prefix(text))).toList();
        return Policy.of(name, PolicyType.IP, rules);
    }

    static Policy blocklist(String name, String... sources) {
        List<Rule> rules =
                Arrays.stream(sources).map(text -> Rule.deny(text, prefix(text))).toList();
        return Policy.of(name, PolicyType.BLOCKLIST, rules);
    }

    /** Lets packets to every port of these addresses out. */
    static Policy out(String name, String... targets) {
        List<Rule> rules =
                Arrays.stream(targets).map(text -> Rule.allow(text, prefix(text))).toList();
        return Policy.of(name, PolicyType.EGRESS_FIREWALL, rules);
    }

    /** A policy of one of the types about private endpoints. */
    static Policy privateEndpoints(String name, PolicyType type, PrivateEndpoint... endpoints) {
        List<Rule> rules =
                Arrays.stream(endpoints)
                        .map(e -> Rule.allow(e.toString(), new Peers.Endpoint(e)))
                        .toList();
        return Policy.of(name, type, rules);
    }

    static Prefix prefix(String text) {
        String[] parts = text.split("/");
        return Prefix.of(Address.parse(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The resource {@code web}: TCP port 9200 at every address. */
    static DesiredState web(Enforcement enforcement, Policy... policies) {
        PortMatch port = new PortMatch(Protocol.TCP, Optional.of(new PortRange(9200, 9200)));
        return state("web", port, enforcement, policies);
    }

    /** The resource {@code host}: whatever comes in. */
    static DesiredState everything(Policy... policies) {
        return everything(Enforcement.DROP, policies);
    }

    /** The same, with another way to deny. */
    static DesiredState everything(Enforcement enforcement, Policy... policies) {
        return state("host", PortMatch.EVERYTHING, enforcement, policies);
    }

    /** The policies are associated in this order. */
    private static DesiredState state(
            String name, PortMatch ports, Enforcement enforcement, Policy... policies) {
        Map<String, Policy> byName = new LinkedHashMap<>();
        for (Policy policy : policies) {
            byName.put(policy.name(), policy);
        }
        Resource resource =
                new Resource(
                        name,
                        LocalAddresses.EVERY,
                        List.of(ports),
                        Set.of(),
                        List.copyOf(byName.keySet()),
                        enforcement,
                        Resource.REMOTE_CLUSTER_PORT,
                        "",
                        "");
        return new DesiredState(byName, Map.of(name, resource));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Policies of every type. */
final class PolicyGenerator {
    /** What private endpoints stand for in every scenario. */
    static final Map<Peers.AzureEndpoint, PrivateEndpoint> NAMED =
            Map.of(
                    new Peers.AzureEndpoint("demo", "7c0f05e4-e32b-4b10-a246-7b77f7dcc63c"),
                    PrivateEndpoint.azure(3));

    private static final int[] RULES = {1, 3, 8, 40};

    private final Draw draw;
    private final AddressPool addresses;
    private final NamePool names;
    private final List<String> sets;
    private final Optional<PortPool> remotePorts;

    /**
     * @param remotePorts ports of rules about what leaves; empty for policies about what arrives
     *     alone
     */
    PolicyGenerator(
            Draw draw,
            AddressPool addresses,
            NamePool names,
            SortedSet<String> sets,
            Optional<PortPool> remotePorts) {
        this.draw = draw;
        this.addresses = addresses;
        this.names = names;
        this.sets = List.copyOf(sets);
        this.remotePorts = remotePorts;
    }

    SortedMap<String, Policy> policies() {
        SortedMap<String, Policy> policies = new TreeMap<>();
        int count = draw.between(1, 6);
        for (int i = 0; i < count; i++) {
            String name = "policy-" + i;
            policies.put(name, policy(name, policies));
        }
        return policies;
    }

    private Policy policy(String name, SortedMap<String, Policy> earlier) {
        if (remotePorts.isPresent() && draw.chance(40)) {
            return egressFirewall(name, remotePorts.get());
        }
        int kind = draw.between(0, 99);
        if (kind < 7) {
            return endpoints(name);
        }
        if (kind < 45) {
            return Policy.of(name, PolicyType.IP, rules(Rule.Action.ALLOW));
        }
        if (kind < 55) {
            return Policy.of(name, PolicyType.REMOTE_CLUSTER, rules(Rule.Action.ALLOW));
        }
        if (kind < 70) {
            return Policy.of(name, PolicyType.BLOCKLIST, rules(Rule.Action.DENY));
        }
        return allowDeny(name, earlier);
    }

    /** Of four endpoints, one is named otherwise. */
    private Policy endpoints(String name) {
        PrivateEndpoint endpoint = PrivateEndpoint.azure(draw.between(0, 3));
        Peers peers =
                NAMED.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(endpoint))
                        .<Peers>map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(new Peers.Endpoint(endpoint));
        Rule rule = rule(peers, Rule.Action.ALLOW);
        return Policy.of(name, PolicyType.AZURE_PRIVATE_ENDPOINT, List.of(rule));
    }

    private Policy egressFirewall(String name, PortPool ports) {
        return Policy.of(
                name,
                PolicyType.EGRESS_FIREWALL,
                draw.times(0, draw.oneOf(RULES), () -> egressRule(ports)));
    }

    private Rule egressRule(PortPool ports) {
        Peers peers = address();
        return new Rule(peers.toString(), peers, ports.remote(), Rule.Action.ALLOW, "");
    }

    private List<Rule> rules(Rule.Action action) {
        return draw.times(0, draw.oneOf(RULES), () -> rule(address(), action));
    }

    private static Rule rule(Peers peers, Rule.Action action) {
        return new Rule(peers.toString(), peers, action, "");
    }

    private Peers address() {
        return !sets.isEmpty() && draw.chance(15)
                ? new Peers.InSet(draw.oneOf(sets))
                : addresses.prefix();
    }

    /** Falls back to policies before it alone, so that none leads back. */
    private Policy allowDeny(String name, SortedMap<String, Policy> earlier) {
        List<String> fallbacks =
                earlier.values().stream()
                        .filter(policy -> policy.type() == PolicyType.ALLOW_DENY)
                        .map(Policy::name)
                        .toList();
        List<Rule> rules = new ArrayList<>(list(Rule.Action.ALLOW));
        rules.addAll(list(Rule.Action.DENY));
        String fallback = fallbacks.isEmpty() || draw.chance(50) ? "" : draw.oneOf(fallbacks);
        return new Policy(
                name, PolicyType.ALLOW_DENY, rules, draw.chance(90), fallback, "", false, "");
    }

    private List<Rule> list(Rule.Action action) {
        if (draw.chance(30)) {
            return List.of();
        }
        if (draw.chance(action == Rule.Action.DENY ? 40 : 5)) {
            return List.of(rule(new Peers.Everyone(), action));
        }
        return draw.times(1, 5, () -> rule(listed(), action));
    }

    private Peers listed() {
        int kind = draw.between(0, 99);
        if (kind < 50) {
            return addresses.prefix();
        }
        if (kind < 60) {
            return new Peers.Localhost();
        }
        return kind < 75 ? names.host() : names.pattern();
    }
}

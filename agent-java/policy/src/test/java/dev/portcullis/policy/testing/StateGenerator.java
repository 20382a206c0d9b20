// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.validation.TieCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a {@link Scenario} of a seed. */
public final class StateGenerator {
    private static final List<String> INTERFACES = List.of("eth0", "eth1", "eth2");

    private final long seed;
    private final Draw draw;
    private final AddressPool addresses;
    private final PortPool ports;

    private StateGenerator(long seed) {
        this.seed = seed;
        this.draw = new Draw(seed);
        this.addresses = new AddressPool(draw);
        this.ports = new PortPool(draw);
    }

    /**
     * @param packets how many to draw; the state does not depend on it
     */
    public static Scenario scenario(long seed, int packets) {
        return new StateGenerator(seed).scenario(packets);
    }

    private Scenario scenario(int packetCount) {
        HostAddresses host = HostAddresses.of(draw.times(0, 4, this::ownAddress));
        Map<String, Policy> policies = policies();
        Map<String, Resource> resources = resources(host, List.copyOf(policies.keySet()));
        DesiredState state = new DesiredState(policies, resources);
        List<Failsafe> failsafe = draw.times(0, 2, this::failsafe);
        PacketGenerator generator =
                new PacketGenerator(draw, addresses, ports, INTERFACES, state, host);
        List<ReferencePacket> packets = draw.times(packetCount, packetCount, generator::packet);
        return new Scenario(seed, state, failsafe, host, INTERFACES, packets);
    }

    private Address ownAddress() {
        return addresses.address(addresses.family());
    }

    private Failsafe failsafe() {
        List<Prefix> peers = draw.chance(50) ? List.of() : draw.times(1, 2, addresses::prefix);
        return new Failsafe(ports.entry(), peers);
    }

    private Map<String, Policy> policies() {
        Map<String, Policy> policies = new HashMap<>();
        int count = draw.between(1, 6);
        for (int i = 0; i < count; i++) {
            String name = "policy-" + i;
            List<Rule> rules = draw.times(0, draw.oneOf(1, 3, 8, 40), this::rule);
            policies.put(name, new Policy(name, PolicyType.IP, rules, ""));
        }
        return policies;
    }

    private Rule rule() {
        Prefix prefix = addresses.prefix();
        return new Rule(prefix.toString(), prefix, "");
    }

    /** Candidates that would tie with one that is there already are left out. */
    private Map<String, Resource> resources(HostAddresses host, List<String> policies) {
        Map<String, Resource> resources = new HashMap<>();
        int tries = draw.between(1, 12);
        for (int i = 0; i < tries; i++) {
            Resource candidate = resource("resource-" + i, policies);
            List<Resource> all = new ArrayList<>(resources.values());
            all.add(candidate);
            if (TieCheck.check(all).isEmpty() && TieCheck.check(all, host).isEmpty()) {
                resources.put(candidate.name(), candidate);
            }
        }
        return resources;
    }

    private Resource resource(String name, List<String> policies) {
        return new Resource(
                name,
                localAddresses(),
                draw.chance(30) ? List.of(PortMatch.EVERYTHING) : draw.times(1, 4, ports::entry),
                draw.chance(60) ? Set.of() : Set.copyOf(draw.someOf(INTERFACES, 1, 2)),
                draw.chance(25) ? List.of() : draw.someOf(policies, 1, 3),
                "");
    }

    private LocalAddresses localAddresses() {
        if (draw.chance(25)) {
            return LocalAddresses.EVERY;
        }
        boolean host = draw.chance(30);
        Set<Prefix> prefixes = new HashSet<>(draw.times(host ? 0 : 1, 3, addresses::prefix));
        return new LocalAddresses(prefixes, host);
    }
}

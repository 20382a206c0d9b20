// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.AddressSet;
import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.validation.TieCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Makes a {@link Scenario} of a seed. */
public final class StateGenerator {
    /** What packets arrive at and leave by, in every scenario. */
    public static final List<String> INTERFACES = List.of("eth0", "eth1", "eth2");

    private final long seed;
    private final Draw draw;
    private final AddressPool addresses;
    private final PortPool ports;

    /** Empty if nothing leaves. */
    private final Optional<WorkloadPool> workloads;

    private StateGenerator(long seed, boolean leaving) {
        this.seed = seed;
        this.draw = new Draw(seed);
        this.addresses = new AddressPool(draw);
        this.ports = new PortPool(draw);
        this.workloads = leaving ? Optional.of(new WorkloadPool(draw)) : Optional.empty();
    }

    /**
     * One in which packets arrive, and policies and resources are about nothing else.
     *
     * @param packets how many to draw; the state does not depend on it
     */
    public static Scenario scenario(long seed, int packets) {
        return new StateGenerator(seed, false).scenario(packets);
    }

    /**
     * One in which packets arrive and leave, in conversations too.
     *
     * @param packets how many to draw; the state does not depend on it
     */
    public static Scenario bothWays(long seed, int packets) {
        return new StateGenerator(seed, true).scenario(packets);
    }

    private Scenario scenario(int packetCount) {
        HostAddresses host = HostAddresses.of(draw.times(0, 4, this::ownAddress));
        Map<String, SortedSet<Prefix>> sets = sets();
        NamePool names = new NamePool(draw, addresses);
        PolicyGenerator generated =
                new PolicyGenerator(
                        draw,
                        addresses,
                        names,
                        new TreeSet<>(sets.keySet()),
                        workloads.map(w -> ports));
        SortedMap<String, Policy> policies = generated.policies();
        SortedMap<String, Resource> resources = resources(host, policies);
        DesiredState state =
                new DesiredState(
                        policies,
                        resources,
                        associations(policies, resources),
                        described(sets.keySet()));
        List<Failsafe> failsafe = draw.times(0, 2, this::failsafe);
        Environment environment =
                new Environment(host, sets, names.answers())
                        .withWorkloads(workloads.map(WorkloadPool::cgroups).orElse(Map.of()))
                        .withEndpoints(PolicyGenerator.NAMED);
        PacketGenerator arriving =
                new PacketGenerator(draw, addresses, ports, INTERFACES, state, environment);
        Supplier<ReferencePacket> packet =
                workloads
                        .<Supplier<ReferencePacket>>map(
                                w -> new TrafficGenerator(draw, arriving, w)::packet)
                        .orElse(arriving::packet);
        List<ReferencePacket> packets = draw.times(packetCount, packetCount, packet);
        return new Scenario(seed, state, failsafe, environment, INTERFACES, packets);
    }

    /** What sets hold; where they come from has no part in verdicts. */
    private Map<String, SortedSet<Prefix>> sets() {
        Map<String, SortedSet<Prefix>> sets = new TreeMap<>();
        int count = draw.between(0, 2);
        for (int i = 0; i < count; i++) {
            sets.put("set-" + i, new TreeSet<>(draw.times(0, 5, addresses::prefix)));
        }
        return sets;
    }

    private static SortedMap<String, AddressSet> described(Set<String> names) {
        SortedMap<String, AddressSet> sets = new TreeMap<>();
        for (String name : names) {
            AddressSet.Origin origin = new AddressSet.LocalFile(Path.of("/" + name));
            sets.put(
                    name, new AddressSet(name, origin, Optional.empty(), List.of(), List.of(), ""));
        }
        return sets;
    }

    private SortedMap<String, Association> associations(
            SortedMap<String, Policy> policies, SortedMap<String, Resource> resources) {
        SortedMap<String, Association> associations = new TreeMap<>();
        int count = resources.isEmpty() ? 0 : draw.between(0, 2);
        for (int i = 0; i < count; i++) {
            Policy policy = draw.oneOf(List.copyOf(policies.values()));
            Resource resource = draw.oneOf(List.copyOf(resources.values()));
            if (goTogether(policy, resource)) {
                String name = policy.name() + "." + resource.name();
                associations.put(name, new Association(name, policy.name(), resource.name(), ""));
            }
        }
        return associations;
    }

    static boolean goTogether(Policy policy, Resource resource) {
        return resource.workload().isEmpty() || !policy.type().allows(Direction.INGRESS);
    }

    private Address ownAddress() {
        return addresses.address(addresses.family());
    }

    private Failsafe failsafe() {
        List<Prefix> peers = draw.chance(50) ? List.of() : draw.times(1, 2, addresses::prefix);
        return new Failsafe(ports.entry(), peers);
    }

    /** Candidates that would tie with one that is there already are left out. */
    private SortedMap<String, Resource> resources(
            HostAddresses host, SortedMap<String, Policy> policies) {
        SortedMap<String, Resource> resources = new TreeMap<>();
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

    private Resource resource(String name, SortedMap<String, Policy> policies) {
        if (workloads.isEmpty() || draw.chance(60)) {
            Resource resource = resource(name, List.copyOf(policies.keySet()));
            return draw.chance(80)
                    ? resource
                    : resource.withBalancers(Set.copyOf(draw.times(1, 3, addresses::prefix)));
        }
        List<String> leaving =
                policies.values().stream()
                        .filter(policy -> !policy.type().allows(Direction.INGRESS))
                        .map(Policy::name)
                        .toList();
        return resource(name, leaving).withWorkload(workloads.get().workload());
    }

    private Resource resource(String name, List<String> policies) {
        return new Resource(
                name,
                localAddresses(),
                draw.chance(30) ? List.of(PortMatch.EVERYTHING) : draw.times(1, 4, ports::entry),
                draw.chance(60) ? Set.of() : Set.copyOf(draw.someOf(INTERFACES, 1, 2)),
                draw.chance(25) ? List.of() : draw.someOf(policies, 1, 3),
                draw.oneOf(List.of(Enforcement.values())),
                draw.chance(70) ? Resource.REMOTE_CLUSTER_PORT : 1_024,
                "",
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

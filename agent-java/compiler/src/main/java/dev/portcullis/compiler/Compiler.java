// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compiles a desired state, which has to be valid, into an {@link Image}. The result depends on
 * what the state holds, not on the order in which it came to hold it.
 *
 * <p>Sources: the overlay of everything that sources are compared with numbers the sets of members
 * that hold some address (classes), and a row of the verdicts table answers for each class.
 * Destinations: the overlay of the resources' local prefixes numbers groups, and the cells table
 * holds the most specific resource for each group, interface and port class.
 */
public final class Compiler {
    private final List<Resource> resources;
    private final List<Failsafe> failsafes;
    private final Environment environment;
    private final Map<String, List<Policy>> associated;
    private final SortedMap<String, Policy> used;

    private Compiler(DesiredState state, List<Failsafe> failsafes, Environment environment) {
        this.failsafes = failsafes;
        this.environment = environment;
        resources = List.copyOf(state.resources().values());
        associated = state.associatedPolicies();
        used = state.used();
    }

    /** The policies of each resource that have a say in a direction, by the resource's name. */
    private Map<String, List<Policy>> associated(Direction direction) {
        Map<String, List<Policy>> judging = new HashMap<>();
        associated.forEach((resource, policies) ->
                judging.put(
                        resource,
                        policies.stream()
                                .filter(policy -> policy.type().judges(direction))
                                .toList()));
        return judging;
    }

    private SortedMap<String, Policy> used(Direction direction) {
        SortedMap<String, Policy> judging = new TreeMap<>(used);
        judging.values().removeIf(policy -> !policy.type().judges(direction));
        return judging;
    }

    /**
     * Compiles.
     *
     * @param environment what the words in the state stand for now
     * @param ids the numbers of the rule set before this one
     * @throws CompileException if the state is too large for the kernel's tables
     */
    public static Image compile(
            DesiredState state,
            List<Failsafe> failsafes,
            Environment environment,
            DecisionIds ids) {
        return new Compiler(state, failsafes, environment).image(ids);
    }

    private Image image(DecisionIds before) {
        Map<String, List<Policy>> arriving = associated(Direction.INGRESS);
        Sources sources =
                new Sources(
                        used(Direction.INGRESS),
                        arrivingAt(resources),
                        environment,
                        failsafes,
                        arriving);
        PrefixTable sources4 = sources.overlay().table(Family.IPV4);
        PrefixTable sources6 = sources.overlay().table(Family.IPV6);
        Verdicts ingress = new IngressVerdicts(sources, arriving);
        Optional<EgressVerdicts> egress = egress();
        List<Verdicts> judges = new ArrayList<>(List.of(ingress));
        egress.ifPresent(judges::add);
        PrivateEndpoints endpoints = new PrivateEndpoints(used.values(), environment);
        Rows rows = new Rows(resources, failsafes, judges, endpoints, before);

        LocalGroups groups = new LocalGroups(resources, environment.host());
        PortClasses ports = new PortClasses(resources, remoteClusters(), failsafes);
        SortedMap<String, Integer> interfaces = interfaceClasses();
        Workloads none = new Workloads(List.of(), environment);
        Workloads workloads = egress.isPresent() ? new Workloads(resources, environment) : none;
        Cells in = cells(groups, ports, Direction.INGRESS, interfaces.keySet(), none);
        Cells out = cells(groups, ports, Direction.EGRESS, interfaces.keySet(), workloads);
        in.judge(rows, ingress);
        egress.ifPresent(judge -> out.judge(rows, judge));
        boolean noted = out.noteFor(in, rows);
        in.noteFor(out, rows);

        return new Image(
                sources4,
                sources6,
                sources.classes(),
                groups.table(Family.IPV4),
                groups.table(Family.IPV6),
                ports.table(),
                ports.classes().size() + AnyPort.COLUMNS,
                interfaces,
                in.table(),
                egress.isPresent() || noted
                        ? Optional.of(egress(egress, workloads, out))
                        : Optional.empty(),
                rows.rows(),
                rows.verdicts(),
                rows.proxies(),
                endpoints.classOf(),
                endpoints.classes(),
                rows.ids());
    }

    private static List<Resource> arrivingAt(List<Resource> resources) {
        return resources.stream().filter(r -> r.judges(Direction.INGRESS)).toList();
    }

    /** Empty if nothing that leaves is judged. */
    private Optional<EgressVerdicts> egress() {
        Map<String, List<Policy>> leaving = associated(Direction.EGRESS);
        if (leaving.values().stream().allMatch(List::isEmpty)) {
            return Optional.empty();
        }
        return Optional.of(
                new EgressVerdicts(used(Direction.EGRESS), leaving, environment, failsafes));
    }

    private Cells cells(
            LocalGroups groups,
            PortClasses ports,
            Direction direction,
            Collection<String> interfaces,
            Workloads workloads) {
        return new Cells(resources, failsafes, groups, ports, direction, interfaces, workloads);
    }

    private static Image.Egress egress(
            Optional<EgressVerdicts> judge, Workloads workloads, Cells cells) {
        return new Image.Egress(
                judge.map(j -> j.targets(Family.IPV4)).orElse(PrefixTable.empty(Family.IPV4)),
                judge.map(j -> j.targets(Family.IPV6)).orElse(PrefixTable.empty(Family.IPV6)),
                judge.map(EgressVerdicts::classes).orElse(List.of(List.of())),
                judge.map(EgressVerdicts::remotePorts).orElse(ImmutableIntArray.of()),
                workloads.byCgroup(),
                workloads.classes().size(),
                cells.table());
    }

    /** Resources whose remote-cluster port is judged apart from the others. */
    private Set<Integer> remoteClusters() {
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < resources.size(); i++) {
            if (associated.get(resources.get(i).name()).stream()
                    .anyMatch(policy -> policy.type() == PolicyType.REMOTE_CLUSTER)) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    private SortedMap<String, Integer> interfaceClasses() {
        Set<String> names = new TreeSet<>();
        resources.forEach(resource -> names.addAll(resource.interfaces()));
        SortedMap<String, Integer> classes = new TreeMap<>();
        names.forEach(name -> classes.put(name, classes.size() + 1));
        return classes;
    }
}

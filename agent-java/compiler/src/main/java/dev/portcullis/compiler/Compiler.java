// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        Sources sources = new Sources(used, resources, environment, failsafes, associated);
        PrefixTable sources4 = sources.overlay().table(Family.IPV4);
        PrefixTable sources6 = sources.overlay().table(Family.IPV6);

        LocalGroups groups = new LocalGroups(resources, environment.host());
        PortClasses ports = new PortClasses(resources, remoteClusters(), failsafes);
        SortedMap<String, Integer> interfaces = interfaceClasses();
        Rows rows = new Rows(resources, associated, failsafes, sources, before);
        Cells cells =
                new Cells(
                        resources, associated, failsafes, groups, ports, interfaces.keySet(), rows);

        return new Image(
                sources4,
                sources6,
                sources.classes(),
                groups.table(Family.IPV4),
                groups.table(Family.IPV6),
                ports.table(),
                ports.classes().size() + AnyPort.COLUMNS,
                interfaces,
                cells.ingress(),
                cells.egress(),
                rows.rows(),
                rows.verdicts(),
                rows.ids());
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

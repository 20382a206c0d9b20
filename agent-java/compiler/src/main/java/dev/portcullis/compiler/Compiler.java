// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Resource;
import java.util.ArrayList;
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
    private static final int MOST_CELLS = 16_777_216;

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
        int[] cells = cells(groups, ports, interfaces, rows);

        return new Image(
                sources4,
                sources6,
                sources.classes(),
                groups.table(Family.IPV4),
                groups.table(Family.IPV6),
                ports.table(),
                ports.classes().size() + AnyPort.COLUMNS,
                interfaces,
                ImmutableIntArray.copyOf(cells),
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

    private int[] cells(
            LocalGroups groups,
            PortClasses ports,
            SortedMap<String, Integer> interfaces,
            Rows rows) {
        List<PortClasses.PortClass> classes = ports.classes();
        List<List<Integer>> byProtocol = ports.byProtocol();
        List<String> names = new ArrayList<>(List.of(""));
        names.addAll(interfaces.keySet());
        int columns = classes.size() + AnyPort.COLUMNS;
        long size = (long) groups.size() * names.size() * columns;
        if (size > MOST_CELLS) {
            throw new CompileException(
                    "the resources' addresses, interfaces and ports combine in "
                            + size
                            + " ways; the limit is "
                            + MOST_CELLS
                            + ": use fewer resources, or give them the same ports");
        }
        int[] cells = new int[(int) size];
        for (int group = 0; group < groups.size(); group++) {
            for (int name = 0; name < names.size(); name++) {
                int first = (group * names.size() + name) * columns;
                int[] governing = new int[classes.size()];
                for (int i = 0; i < governing.length; i++) {
                    PortClasses.PortClass portClass = classes.get(i);
                    Optional<PortClasses.Match> match =
                            groups.mostSpecific(group, names.get(name), portClass.resources());
                    governing[i] = match.map(PortClasses.Match::resource).orElse(-1);
                    cells[first + i] =
                            match.map(m ->
                                            rows.row(
                                                    m.resource(),
                                                    portClass.failsafes(),
                                                    m.remoteCluster()))
                                    .orElse(0);
                }
                int anyPort = first + classes.size();
                for (List<Integer> protocol : byProtocol) {
                    cells[anyPort++] = anyPort(protocol, governing, classes);
                }
                cells[anyPort] = anyPort(groups.candidates(group, names.get(name)));
            }
        }
        return cells;
    }

    /** What a packet with one of these port classes gets when it is not known with which. */
    private int anyPort(
            List<Integer> possible, int[] governing, List<PortClasses.PortClass> classes) {
        List<Resource> governors =
                possible.stream()
                        .map(c -> governing[c])
                        .filter(r -> r >= 0)
                        .map(resources::get)
                        .toList();
        boolean failsafe =
                !governors.isEmpty()
                        && possible.stream()
                                .allMatch(c ->
                                        classes.get(c).failsafes().stream()
                                                .anyMatch(f -> failsafes.get(f).from().isEmpty()));
        return failsafe ? AnyPort.FAILSAFE : anyPort(governors);
    }

    private int anyPort(List<Resource> governors) {
        if (governors.isEmpty()) {
            return AnyPort.NO_RESOURCE;
        }
        List<Resource> closed =
                governors.stream()
                        .filter(r -> DesiredState.isProtected(associated.get(r.name())))
                        .toList();
        if (!closed.isEmpty()) {
            return closed.stream().allMatch(r -> r.enforcement() == Enforcement.AUDIT)
                    ? AnyPort.AUDITED
                    : AnyPort.PROTECTED;
        }
        return governors.stream().allMatch(r -> associated.get(r.name()).isEmpty())
                ? AnyPort.OPEN
                : AnyPort.WATCHED;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.collect.MapMaker;
import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.model.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;

/**
 * Compiles a desired state, which has to be valid, into an {@link Image}. The result depends on
 * what the state holds, not on the order in which it came to hold it.
 *
 * <p>Sources: every associated policy and every failsafe entry with peers is a member; the overlay
 * of their prefixes numbers the sets of members that hold some address (classes), and a row of the
 * verdicts table answers for each class. Destinations: the overlay of the resources' local prefixes
 * numbers groups, and the cells table holds the most specific resource for each group, interface
 * and port class.
 */
public final class Compiler {
    /**
     * Numbers in the verdicts table, 64 MiB of them: past that, classes times resources is no table
     * any more.
     */
    private static final int MOST_VERDICTS = 16_777_216;

    private static final int MOST_CELLS = 16_777_216;

    /**
     * The prefixes of policies, sorted, as long as the policy object is in use: from one state to
     * the next most policies stay the same object, and sorting is most of the work of an overlay.
     */
    private static final ConcurrentMap<Policy, List<Prefix>> SORTED =
            new MapMaker().weakKeys().makeMap();

    private final List<Resource> resources;
    private final List<Failsafe> failsafes;
    private final DesiredState state;
    private final HostAddresses host;

    private final Overlay sources = new Overlay();
    private final Map<String, Integer> policyMembers = new TreeMap<>();
    private final int firstFailsafeMember;

    private Compiler(DesiredState state, List<Failsafe> failsafes, HostAddresses host) {
        this.state = state;
        this.failsafes = failsafes;
        this.host = host;
        resources = List.copyOf(state.resources().values());
        addSources();
        firstFailsafeMember = policyMembers.size();
        for (int i = 0; i < failsafes.size(); i++) {
            for (Prefix prefix : failsafes.get(i).from()) {
                sources.add(prefix, firstFailsafeMember + i);
            }
        }
    }

    /**
     * Compiles.
     *
     * @param ids the numbers of the rule set before this one
     * @throws CompileException if the state is too large for the kernel's tables
     */
    public static Image compile(
            DesiredState state, List<Failsafe> failsafes, HostAddresses host, DecisionIds ids) {
        return new Compiler(state, failsafes, host).image(ids);
    }

    private void addSources() {
        Set<String> associated = new TreeSet<>();
        resources.forEach(resource -> associated.addAll(resource.policies()));
        for (String policy : associated) {
            int member = policyMembers.size();
            policyMembers.put(policy, member);
            for (Prefix prefix :
                    SORTED.computeIfAbsent(state.policies().get(policy), Compiler::sorted)) {
                sources.add(prefix, member);
            }
        }
    }

    private static List<Prefix> sorted(Policy policy) {
        return policy.rules().stream().map(Rule::prefix).sorted().toList();
    }

    private Image image(DecisionIds before) {
        DecisionIds ids = before.assign(decisions());
        PrefixTable sources4 = sources.table(Family.IPV4);
        PrefixTable sources6 = sources.table(Family.IPV6);

        LocalGroups groups = new LocalGroups(resources, host);
        PortClasses ports = new PortClasses(resources, failsafes);
        SortedMap<String, Integer> interfaces = interfaceClasses();
        Rows rows = new Rows(ids);
        int[] cells = cells(groups, ports.classes(), interfaces, rows);

        return new Image(
                sources4,
                sources6,
                groups.table(Family.IPV4),
                groups.table(Family.IPV6),
                groups.protectedGroups(),
                ports.table(),
                ports.classes().size(),
                interfaces,
                ImmutableIntArray.copyOf(cells),
                List.copyOf(rows.rows),
                ImmutableIntArray.copyOf(rows.verdicts()),
                ids);
    }

    private Set<Decision> decisions() {
        Set<Decision> decisions = new HashSet<>();
        for (Resource resource : resources) {
            if (resource.isProtected()) {
                decisions.add(decision(resource, "", Reason.NO_POLICY_MATCH));
                resource.policies()
                        .forEach(p -> decisions.add(decision(resource, p, Reason.POLICY_MATCH)));
            } else {
                decisions.add(decision(resource, "", Reason.OPEN));
            }
        }
        return decisions;
    }

    private static Decision decision(Resource resource, String policy, Reason reason) {
        return new Decision(resource.name(), policy, Direction.INGRESS, reason);
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
            List<PortClasses.PortClass> portClasses,
            SortedMap<String, Integer> interfaces,
            Rows rows) {
        List<String> names = new ArrayList<>(List.of(""));
        names.addAll(interfaces.keySet());
        long size = (long) groups.size() * names.size() * portClasses.size();
        if (size > MOST_CELLS) {
            throw new CompileException(
                    "the resources' addresses, interfaces and ports combine in "
                            + size
                            + " ways; the limit is "
                            + MOST_CELLS
                            + ": use fewer resources, or give them the same ports");
        }
        int[] cells = new int[(int) size];
        int cell = portClasses.size() * names.size();
        for (int group = 1; group < groups.size(); group++) {
            for (String name : names) {
                for (PortClasses.PortClass ports : portClasses) {
                    int resource = groups.mostSpecific(group, name, ports.resources());
                    cells[cell++] = resource < 0 ? 0 : rows.row(resource, ports.failsafes());
                }
            }
        }
        return cells;
    }

    /** The rows in use, and their verdicts. */
    private final class Rows {
        private final DecisionIds ids;
        private final MemberSets classes = sources.sets();
        private final List<Image.Row> rows = new ArrayList<>(List.of(new Image.Row(0, 0)));
        private final Map<List<Object>, Integer> numbers = new HashMap<>();
        private final List<int[]> verdicts = new ArrayList<>();

        Rows(DecisionIds ids) {
            this.ids = ids;
        }

        int row(int resource, List<Integer> matchingFailsafes) {
            boolean everyPeer =
                    matchingFailsafes.stream().anyMatch(i -> failsafes.get(i).from().isEmpty());
            List<Object> key =
                    everyPeer ? List.of("failsafe") : List.of(resource, matchingFailsafes);
            return numbers.computeIfAbsent(
                    key,
                    k -> {
                        rows.add(
                                everyPeer
                                        ? new Image.Row(DecisionIds.FAILSAFE, 0)
                                        : row(resources.get(resource), matchingFailsafes));
                        return rows.size() - 1;
                    });
        }

        private Image.Row row(Resource resource, List<Integer> matchingFailsafes) {
            if (!resource.isProtected() && matchingFailsafes.isEmpty()) {
                return new Image.Row(ids.number(decision(resource, "", Reason.OPEN)), 0);
            }
            long end = (verdicts.size() + 1L) * classes.size();
            if (end > MOST_VERDICTS) {
                throw new CompileException(
                        "the policies overlap in "
                                + classes.size()
                                + " ways, too many for the resources that use them (limit "
                                + MOST_VERDICTS
                                + " combinations of overlap and resource)");
            }
            int[] row = new int[classes.size()];
            for (int set = 0; set < row.length; set++) {
                row[set] = judge(resource, matchingFailsafes, set);
            }
            verdicts.add(row);
            return new Image.Row(0, (int) end - classes.size());
        }

        /**
         * The order of docs/policy-reference.md: failsafe, open, the first policy that matches,
         * else denied.
         */
        private int judge(Resource resource, List<Integer> matchingFailsafes, int set) {
            for (int failsafe : matchingFailsafes) {
                if (classes.contains(set, firstFailsafeMember + failsafe)) {
                    return DecisionIds.FAILSAFE;
                }
            }
            if (!resource.isProtected()) {
                return number(decision(resource, "", Reason.OPEN));
            }
            for (String policy : resource.policies()) {
                if (classes.contains(set, policyMembers.get(policy))) {
                    return number(decision(resource, policy, Reason.POLICY_MATCH));
                }
            }
            return number(decision(resource, "", Reason.NO_POLICY_MATCH));
        }

        private int number(Decision decision) {
            int number = ids.number(decision);
            return decision.verdict() == Verdict.DROP ? number | Image.DROP : number;
        }

        int[] verdicts() {
            int[] all = new int[verdicts.size() * classes.size()];
            for (int i = 0; i < verdicts.size(); i++) {
                System.arraycopy(verdicts.get(i), 0, all, i * classes.size(), classes.size());
            }
            return all;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * About classes of target addresses and remote ports. The rules of a policy that ask for the same
 * protocol and ports are one member of the overlay, so that a class tells which of them hold an
 * address, and the class of the port which of those match.
 */
final class EgressVerdicts implements Verdicts {
    private final Map<String, List<Policy>> associated;
    private final Overlay overlay = new Overlay();
    private final List<Member> members = new ArrayList<>();
    private final Map<String, List<Integer>> byPolicy = new HashMap<>();
    private final int firstFailsafe;
    private final PrefixTable targets4;
    private final PrefixTable targets6;
    private final RemotePortClasses ports;
    private final List<BitSet> portClasses;
    private final List<int[]> classesByMember;

    /** By member: the bit of its ports. */
    private final List<Integer> portBits = new ArrayList<>();

    /**
     * @param policies those in use that judge what leaves, in the order of their names
     * @param associated those of each resource, by the resource's name
     */
    EgressVerdicts(
            SortedMap<String, Policy> policies,
            Map<String, List<Policy>> associated,
            Environment environment,
            List<Failsafe> failsafes) {
        this.associated = associated;
        policies.values().forEach(policy -> addRules(policy, environment));
        firstFailsafe = members.size();
        for (Failsafe failsafe : failsafes) {
            members.add(Member.NO_RULE);
            int member = members.size() - 1;
            failsafe.from().forEach(prefix -> overlay.add(prefix, member));
        }
        targets4 = overlay.table(Family.IPV4);
        targets6 = overlay.table(Family.IPV6);
        ports =
                new RemotePortClasses(
                        members.stream().map(Member::remotePorts).distinct().toList());
        portClasses = ports.classes();
        members.forEach(member -> portBits.add(ports.bit(member.remotePorts())));
        classesByMember = overlay.sets().byMember(members.size());
    }

    private void addRules(Policy policy, Environment environment) {
        Map<RemotePorts, Integer> known = new HashMap<>();
        List<Integer> own = byPolicy.computeIfAbsent(policy.name(), key -> new ArrayList<>());
        Rule.Action action = policy.type().allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        for (Rule rule : policy.rules()) {
            Integer member = known.get(rule.remotePorts());
            if (member == null) {
                members.add(new Member(policy.name(), action, rule.remotePorts()));
                member = members.size() - 1;
                known.put(rule.remotePorts(), member);
                // First the rules about every port: they leave nothing to others of their targets,
                // and so decide.
                own.add(rule.remotePorts().equals(RemotePorts.ANY) ? 0 : own.size(), member);
            }
            for (var prefix : environment.prefixes(rule.peers())) {
                overlay.add(prefix, member);
            }
        }
    }

    PrefixTable targets(Family family) {
        return family == Family.IPV4 ? targets4 : targets6;
    }

    /** The members of each class of targets, in ascending order of their numbers. */
    List<List<Member>> classes() {
        return overlay.classes(members);
    }

    /** Classes of remote ports by {@link PortTable} entry. */
    ImmutableIntArray remotePorts() {
        return ports.table();
    }

    @Override
    public Direction direction() {
        return Direction.EGRESS;
    }

    @Override
    public int length() {
        return portClasses.size() * overlay.sets().size();
    }

    @Override
    public List<Policy> policies(Resource resource) {
        return associated.get(resource.name());
    }

    @Override
    public boolean asksNames(Resource resource) {
        return false;
    }

    @Override
    public List<int[]> relevant(Resource resource, List<Integer> failsafes) {
        List<Integer> inUse = new ArrayList<>();
        policies(resource).forEach(policy -> inUse.addAll(byPolicy.get(policy.name())));
        failsafes.forEach(failsafe -> inUse.add(firstFailsafe + failsafe));
        List<int[]> relevant = new ArrayList<>();
        int classes = overlay.sets().size();
        for (int member : inUse) {
            int[] inside = classesByMember.get(member);
            for (int port = 0; port < portClasses.size(); port++) {
                int[] entries = inside.clone();
                for (int i = 0; i < entries.length; i++) {
                    entries[i] += port * classes;
                }
                relevant.add(entries);
            }
        }
        return relevant;
    }

    @Override
    public boolean isFailsafe(int entry, int failsafe) {
        return overlay.sets().contains(entry % overlay.sets().size(), firstFailsafe + failsafe);
    }

    @Override
    public Ruling ruling(Resource resource, boolean toRemoteCluster, int entry) {
        int set = entry % overlay.sets().size();
        BitSet port = portClasses.get(entry / overlay.sets().size());
        boolean closed = false;
        Ruling allowed = null;
        for (Policy policy : policies(resource)) {
            int place = place(policy, set, port);
            if (!policy.type().allows() && place > 0) {
                return new Ruling(Reason.BLOCKLIST, policy.name(), place);
            }
            if (policy.type().allows()) {
                closed = true;
                if (allowed == null && place > 0) {
                    allowed = new Ruling(Reason.POLICY_MATCH, policy.name(), place);
                }
            }
        }
        if (allowed != null) {
            return allowed;
        }
        return new Ruling(closed ? Reason.NO_POLICY_MATCH : Reason.OPEN, "", 0);
    }

    /** Of the rules of a policy that decide, among the members of the class; 0 for none. */
    private int place(Policy policy, int set, BitSet port) {
        for (int member : byPolicy.get(policy.name())) {
            if (port.get(portBits.get(member)) && overlay.sets().contains(set, member)) {
                return overlay.sets().place(set, member) + 1;
            }
        }
        return 0;
    }
}

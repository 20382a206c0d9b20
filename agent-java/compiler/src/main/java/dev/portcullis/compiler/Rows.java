// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows in use, each a way in which a resource judges, and their verdicts by source class. */
final class Rows {
    /**
     * Numbers in the verdicts table, 64 MiB of them: past that, classes times resources is no table
     * any more.
     */
    private static final int MOST_VERDICTS = 16_777_216;

    /** As much as fits the bits; members beyond it share the last place. */
    private static final int LAST_PLACE = Image.RULE_MASK >>> Image.RULE_SHIFT;

    /** What tells one row from another. */
    private record Key(int resource, List<Integer> failsafes, boolean toRemoteCluster) {}

    private static final Key FAILSAFE = new Key(-1, List.of(), false);

    private final List<Resource> resources;
    private final Map<String, List<PolicyMembers>> associated = new HashMap<>();
    private final List<Failsafe> failsafes;
    private final Sources sources;
    private final DecisionIds ids;
    private final List<int[]> classesByMember;

    private final List<Image.Row> rows = new ArrayList<>(List.of(new Image.Row(0, 0)));
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<int[]> verdicts = new ArrayList<>();

    Rows(
            List<Resource> resources,
            Map<String, List<Policy>> associated,
            List<Failsafe> failsafes,
            Sources sources,
            DecisionIds before) {
        this.resources = resources;
        this.failsafes = failsafes;
        this.sources = sources;
        associated.forEach((resource, policies) ->
                this.associated.put(resource, policies.stream().map(sources::of).toList()));
        this.ids = before.assign(decisions());
        this.classesByMember = sources.classesByMember();
    }

    private Set<Decision> decisions() {
        Set<Decision> decisions = new HashSet<>();
        for (Resource resource : resources) {
            List<PolicyMembers> policies = associated.get(resource.name());
            boolean closed = policies.stream().anyMatch(p -> p.policy().type().allows());
            decisions.add(decision(resource, "", closed ? Reason.NO_POLICY_MATCH : Reason.OPEN));
            if (policies.stream().anyMatch(PolicyMembers::asksNames)) {
                decisions.add(decision(resource, "", Reason.NAME_PENDING));
            }
            for (PolicyMembers members : policies) {
                Policy policy = members.policy();
                Reason reason =
                        policy.type() == PolicyType.BLOCKLIST
                                ? Reason.BLOCKLIST
                                : Reason.POLICY_MATCH;
                decisions.add(decision(resource, policy.name(), reason));
            }
        }
        return decisions;
    }

    private static Decision decision(Resource resource, String policy, Reason reason) {
        boolean audit =
                resource.enforcement() == Enforcement.AUDIT && reason.verdict() == Verdict.DROP;
        return new Decision(resource.name(), policy, Direction.INGRESS, reason, audit);
    }

    /** The decisions' numbers. */
    DecisionIds ids() {
        return ids;
    }

    /**
     * The row by which a resource judges.
     *
     * @param matchingFailsafes entries that match but for their peers
     */
    int row(int resource, List<Integer> matchingFailsafes, boolean toRemoteCluster) {
        boolean everyPeer =
                matchingFailsafes.stream().anyMatch(i -> failsafes.get(i).from().isEmpty());
        Key key = everyPeer ? FAILSAFE : new Key(resource, matchingFailsafes, toRemoteCluster);
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        rows.add(everyPeer ? new Image.Row(DecisionIds.FAILSAFE, 0) : row(key));
        numbers.put(key, rows.size() - 1);
        return rows.size() - 1;
    }

    private Image.Row row(Key key) {
        Resource resource = resources.get(key.resource);
        List<PolicyMembers> policies = associated.get(resource.name());
        if (policies.isEmpty() && key.failsafes.isEmpty()) {
            return new Image.Row(ids.number(decision(resource, "", Reason.OPEN)), 0);
        }
        int classes = sources.overlay().sets().size();
        long end = (verdicts.size() + 1L) * classes;
        if (end > MOST_VERDICTS) {
            throw new CompileException(
                    "the policies overlap in "
                            + classes
                            + " ways, too many for the resources that use them (limit "
                            + MOST_VERDICTS
                            + " combinations of overlap and resource)");
        }
        int[] row = new int[classes];
        // Nearly all classes of a large state are of other resources, and alike to this one.
        Arrays.fill(row, word(key, resource, policies, MemberSets.EMPTY));
        for (int member : sources.relevant(policies, resource, key.failsafes)) {
            for (int set : classesByMember.get(member)) {
                row[set] = word(key, resource, policies, set);
            }
        }
        verdicts.add(row);
        boolean closed = policies.stream().anyMatch(p -> p.policy().type().allows());
        return new Image.Row(closed ? Image.REPLIES : 0, (int) end - classes);
    }

    /** Whether a row lets answers pass that it denies else. */
    boolean passesReplies(int row) {
        return (rows.get(row).decision() & Image.REPLIES) != 0;
    }

    private int word(Key key, Resource resource, List<PolicyMembers> policies, int set) {
        for (int failsafe : key.failsafes) {
            if (sources.isFailsafe(set, failsafe)) {
                return DecisionIds.FAILSAFE;
            }
        }
        SourceVerdict verdict =
                SourceVerdict.of(
                        sources, policies, sources.bound(resource), key.toRemoteCluster, set);
        int number = ids.number(decision(resource, verdict.policy(), verdict.reason()));
        int place = Math.min(verdict.place(), LAST_PLACE);
        return number | flags(verdict.reason(), resource) | place << Image.RULE_SHIFT;
    }

    /** One who waits for a name is not sent away with a reset. */
    private static int flags(Reason reason, Resource resource) {
        if (reason == Reason.OPEN) {
            return 0;
        }
        // Blocklists come before answers, policies that allow after them.
        int replies = reason == Reason.BLOCKLIST ? 0 : Image.REPLIES;
        if (reason.verdict() != Verdict.DROP) {
            return replies;
        }
        int ask = reason == Reason.NAME_PENDING ? Image.ASK : 0;
        int denied =
                switch (resource.enforcement()) {
                    case AUDIT -> Image.AUDIT;
                    case RESET -> ask == 0 ? Image.DROP | Image.RESET : Image.DROP;
                    case DROP -> Image.DROP;
                };
        return denied | ask | replies;
    }

    List<Image.Row> rows() {
        return List.copyOf(rows);
    }

    ImmutableIntArray verdicts() {
        int classes = sources.overlay().sets().size();
        ImmutableIntArray.Builder all = ImmutableIntArray.builder(verdicts.size() * classes);
        verdicts.forEach(all::addAll);
        return all.build();
    }
}

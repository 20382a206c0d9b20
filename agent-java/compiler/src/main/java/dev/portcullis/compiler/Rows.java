// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import com.google.common.primitives.ImmutableIntArray;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
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
import java.util.function.IntUnaryOperator;

/** The rows in use, each a way in which a resource judges, and their verdicts. */
final class Rows {
    /**
     * Numbers in the verdicts table, 64 MiB of them: past that, classes times resources is no table
     * any more.
     */
    private static final int MOST_VERDICTS = 16_777_216;

    /** As much as fits the bits; members beyond it share the last place. */
    private static final int LAST_PLACE = Image.RULE_MASK >>> Image.RULE_SHIFT;

    /** What tells one row from another. */
    private record Key(
            Direction direction,
            int resource,
            List<Integer> failsafes,
            boolean toRemoteCluster,
            boolean proxied) {}

    private final List<Resource> resources;
    private final List<Failsafe> failsafes;
    private final Map<Direction, Verdicts> judges = new HashMap<>();
    private final DecisionIds ids;

    private final List<Image.Row> rows = new ArrayList<>(List.of(new Image.Row(0, 0)));
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<int[]> verdicts = new ArrayList<>();
    private long end;
    private final Proxies proxies;

    /**
     * @param judges of each direction that is judged
     */
    Rows(
            List<Resource> resources,
            List<Failsafe> failsafes,
            List<Verdicts> judges,
            PrivateEndpoints endpoints,
            DecisionIds before) {
        this.resources = resources;
        this.failsafes = failsafes;
        judges.forEach(judge -> this.judges.put(judge.direction(), judge));
        ids = before.assign(decisions());
        proxies = new Proxies(this, endpoints);
    }

    private Set<Decision> decisions() {
        Set<Decision> decisions = new HashSet<>();
        for (Verdicts judge : judges.values()) {
            for (Resource resource : resources) {
                if (resource.judges(judge.direction())) {
                    addDecisions(judge, resource, decisions);
                }
            }
        }
        return decisions;
    }

    private static void addDecisions(Verdicts judge, Resource resource, Set<Decision> decisions) {
        Direction direction = judge.direction();
        if (DesiredState.isProtected(judge.policies(resource), direction)) {
            decisions.add(decision(resource, direction, "", Reason.NO_POLICY_MATCH));
        } else {
            decisions.add(decision(resource, direction, "", Reason.OPEN));
        }
        if (passesReplies(judge, resource)) {
            decisions.add(decision(resource, direction, "", Reason.REPLY));
        }
        if (judge.asksNames(resource)) {
            decisions.add(decision(resource, direction, "", Reason.NAME_PENDING));
        }
        if (Proxies.judges(judge, resource)) {
            for (Reason reason : Proxies.REASONS) {
                decisions.add(decision(resource, direction, "", reason));
            }
        }
        for (Policy policy : judge.policies(resource)) {
            Reason reason =
                    policy.type() == PolicyType.BLOCKLIST ? Reason.BLOCKLIST : Reason.POLICY_MATCH;
            decisions.add(decision(resource, direction, policy.name(), reason));
        }
    }

    private static Decision decision(
            Resource resource, Direction direction, String policy, Reason reason) {
        boolean audit =
                resource.enforcement() == Enforcement.AUDIT && reason.verdict() == Verdict.DROP;
        return new Decision(resource.name(), policy, direction, reason, audit);
    }

    /** The decisions' numbers. */
    DecisionIds ids() {
        return ids;
    }

    /**
     * The row by which a resource judges.
     *
     * @param matchingFailsafes entries that match but for their peers
     * @param proxied whether what balancers send begins with a header
     */
    int row(
            Direction direction,
            int resource,
            List<Integer> matchingFailsafes,
            boolean toRemoteCluster,
            boolean proxied) {
        boolean everyPeer =
                matchingFailsafes.stream().anyMatch(i -> failsafes.get(i).from().isEmpty());
        Key key =
                everyPeer
                        ? new Key(direction, -1, List.of(), false, false)
                        : new Key(
                                direction,
                                resource,
                                matchingFailsafes,
                                toRemoteCluster,
                                proxied
                                        && Proxies.judges(
                                                judges.get(direction), resources.get(resource)));
        Integer known = numbers.get(key);
        if (known != null) {
            return known;
        }
        rows.add(everyPeer ? new Image.Row(DecisionIds.failsafe(direction), 0) : row(key));
        numbers.put(key, rows.size() - 1);
        return rows.size() - 1;
    }

    private Image.Row row(Key key) {
        Verdicts judge = judges.get(key.direction);
        Resource resource = resources.get(key.resource);
        if (judge.policies(resource).isEmpty() && key.failsafes.isEmpty()) {
            int number = ids.number(decision(resource, key.direction, "", Reason.OPEN));
            return new Image.Row(number, 0);
        }
        int[] row =
                entries(judge, resource, key.failsafes, entry -> word(key, judge, resource, entry));
        return new Image.Row(replies(judge, resource), add(row));
    }

    /** A number for each entry that a resource judges. */
    static int[] entries(
            Verdicts judge, Resource resource, List<Integer> failsafes, IntUnaryOperator number) {
        int[] numbers = new int[judge.length()];
        // Nearly all classes of a large state are of other resources, and alike to this one.
        Arrays.fill(numbers, number.applyAsInt(0));
        for (int[] entries : judge.relevant(resource, failsafes)) {
            for (int entry : entries) {
                numbers[entry] = number.applyAsInt(entry);
            }
        }
        return numbers;
    }

    /** Puts words behind those that are there. */
    int add(int[] words) {
        int first = (int) end;
        end += words.length;
        if (end > MOST_VERDICTS) {
            throw new CompileException(
                    "the policies overlap in "
                            + words.length
                            + " ways, too many for the resources that use them (limit "
                            + MOST_VERDICTS
                            + " combinations of overlap and resource)");
        }
        verdicts.add(words);
        return first;
    }

    /**
     * Where the decisions of a resource on the sources that policies see stand, whatever balancers
     * and the failsafe list have to do with them.
     */
    int plainVerdicts(int resource, boolean toRemoteCluster) {
        int plain = row(Direction.INGRESS, resource, List.of(), toRemoteCluster, false);
        return rows.get(plain).verdicts();
    }

    Resource resource(int number) {
        return resources.get(number);
    }

    Verdicts ingress() {
        return judges.get(Direction.INGRESS);
    }

    /** A decision of a resource on what comes in and is no answer, with its bits. */
    int word(Resource resource, String policy, Reason reason) {
        return ids.number(decision(resource, Direction.INGRESS, policy, reason))
                | (flags(reason, resource) & ~Image.REPLIES);
    }

    /** Whether it can deny others than those whom a policy denies. */
    private static boolean passesReplies(Verdicts judge, Resource resource) {
        return DesiredState.isProtected(judge.policies(resource), judge.direction())
                || Proxies.judges(judge, resource);
    }

    /** How answers pass a row. */
    private int replies(Verdicts judge, Resource resource) {
        if (!passesReplies(judge, resource)) {
            return 0;
        }
        return Image.REPLIES | ids.number(decision(resource, judge.direction(), "", Reason.REPLY));
    }

    /** Whether a row lets answers pass that it denies else. */
    boolean passesReplies(int row) {
        return (rows.get(row).decision() & Image.REPLIES) != 0;
    }

    private int word(Key key, Verdicts judge, Resource resource, int entry) {
        for (int failsafe : key.failsafes) {
            if (judge.isFailsafe(entry, failsafe)) {
                return DecisionIds.failsafe(key.direction);
            }
        }
        Ruling ruling = judge.ruling(resource, key.toRemoteCluster, entry);
        if (key.proxied
                && ruling.reason() != Reason.BLOCKLIST
                && judge.isBalancer(resource, entry)) {
            return Image.PROXIED
                    | (replies(judge, resource) & Image.REPLIES)
                    | proxies.place(key.resource, key.toRemoteCluster);
        }
        int number =
                ids.number(decision(resource, key.direction, ruling.policy(), ruling.reason()));
        return number | flags(ruling.reason(), resource) | rule(ruling.place());
    }

    /** The bits that say which member of a class has decided, by its place from 1; 0 for none. */
    static int rule(int place) {
        return Math.min(place, LAST_PLACE) << Image.RULE_SHIFT;
    }

    /** What comes again, and may be let in then, is not sent away with a reset. */
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
                    case RESET ->
                            ask == 0 && reason != Reason.PROXY_AHEAD
                                    ? Image.DROP | Image.RESET
                                    : Image.DROP;
                    case DROP -> Image.DROP;
                };
        return denied | ask | replies;
    }

    List<Image.Proxy> proxies() {
        return proxies.all();
    }

    List<Image.Row> rows() {
        return List.copyOf(rows);
    }

    ImmutableIntArray verdicts() {
        ImmutableIntArray.Builder all = ImmutableIntArray.builder((int) end);
        verdicts.forEach(all::addAll);
        return all.build();
    }
}

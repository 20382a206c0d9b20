// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything that source addresses are compared with, as members of one overlay: the rules of each
 * action of each policy, the peers of each failsafe entry, the host's own addresses that each
 * resource selects, the balancers in front of each, and the addresses whose names are known.
 *
 * <p>Host names and patterns become the addresses that they stand for at the moment, so that the
 * kernel knows nothing of names.
 */
final class Sources {
    /** Stands for no member. */
    static final int NONE = -1;

    private final Map<String, Policy> policies;
    private final Environment environment;
    private final Overlay overlay = new Overlay();
    private final List<Member> members = new ArrayList<>();
    private final Map<Member, Integer> rules = new HashMap<>();
    private final Map<Member, List<Peers.NamePattern>> patterns = new HashMap<>();
    private final Map<String, Integer> bound = new HashMap<>();
    private final Map<String, Integer> balancers = new HashMap<>();
    private final int firstFailsafe;
    private final int known;

    /**
     * @param policies those in use, in the order of their names
     * @param associated the policies of each resource, by the resource's name
     */
    Sources(
            SortedMap<String, Policy> policies,
            Collection<Resource> resources,
            Environment environment,
            List<Failsafe> failsafes,
            Map<String, List<Policy>> associated) {
        this.policies = policies;
        this.environment = environment;
        policies.values().forEach(this::addRules);
        known = patterns.isEmpty() ? NONE : add(Member.NO_RULE);
        if (known != NONE) {
            environment.names().reverse().forEach(this::addNamed);
        }
        firstFailsafe = members.size();
        for (Failsafe failsafe : failsafes) {
            int member = add(Member.NO_RULE);
            failsafe.from().forEach(prefix -> overlay.add(prefix, member));
        }
        resources.forEach(resource -> addBound(resource, associated.get(resource.name())));
        resources.forEach(this::addBalancers);
    }

    private int add(Member member) {
        members.add(member);
        return members.size() - 1;
    }

    private void addRules(Policy policy) {
        if (policy.type().endpoints().isPresent()) {
            return;
        }
        for (Rule.Action action : Rule.Action.values()) {
            List<Rule> list = policy.rules(action);
            if (!list.isEmpty()) {
                Member identity = new Member(policy.name(), action);
                int member = add(identity);
                rules.put(identity, member);
                for (Rule rule : list) {
                    if (rule.peers() instanceof Prefix prefix) {
                        overlay.add(prefix, member);
                    } else if (rule.peers() instanceof Peers.NamePattern pattern) {
                        patterns.computeIfAbsent(identity, key -> new ArrayList<>()).add(pattern);
                    } else {
                        // What a word stands for at the moment.
                        environment
                                .prefixes(rule.peers())
                                .forEach(prefix -> overlay.add(prefix, member));
                    }
                }
            }
        }
    }

    /** When DNS does not answer, no pattern that allows matches, and every one that denies. */
    private void addNamed(Address address, Optional<Set<String>> names) {
        Prefix prefix = Prefix.of(address);
        overlay.add(prefix, known);
        patterns.forEach((identity, all) -> {
            boolean matches =
                    names.map(given -> anyMatch(all, given))
                            .orElse(identity.action() == Rule.Action.DENY);
            if (matches) {
                overlay.add(prefix, rules.get(identity));
            }
        });
    }

    private static boolean anyMatch(List<Peers.NamePattern> patterns, Set<String> names) {
        return patterns.stream().anyMatch(pattern -> names.stream().anyMatch(pattern::matches));
    }

    /** The addresses that a service behind the resource is bound to, as far as they are known. */
    private void addBound(Resource resource, List<Policy> associated) {
        if (associated.stream().noneMatch(p -> p.type() == PolicyType.ALLOW_DENY)) {
            return;
        }
        int member = add(Member.NO_RULE);
        bound.put(resource.name(), member);
        Set<Prefix> selected = resource.addresses().resolve(environment.host());
        environment.host().own().stream()
                .filter(own -> selected.stream().anyMatch(prefix -> prefix.contains(own)))
                .map(Prefix::of)
                .sorted()
                .forEach(prefix -> overlay.add(prefix, member));
    }

    private void addBalancers(Resource resource) {
        if (!resource.balancers().isEmpty()) {
            int member = add(Member.NO_RULE);
            balancers.put(resource.name(), member);
            resource.balancers().stream().sorted().forEach(prefix -> overlay.add(prefix, member));
        }
    }

    Overlay overlay() {
        return overlay;
    }

    /** The members of each class, in ascending order of their numbers. */
    List<List<Member>> classes() {
        return overlay.classes(members);
    }

    /** The classes inside each member, by its number. */
    List<int[]> classesByMember() {
        return overlay.sets().byMember(members.size());
    }

    /** The members that the verdicts of a resource may depend on. */
    List<Integer> relevant(
            List<PolicyMembers> policies, Resource resource, List<Integer> failsafes) {
        List<Integer> relevant =
                new ArrayList<>(List.of(known, bound(resource), balancers(resource)));
        for (PolicyMembers policy : policies) {
            relevant.add(policy.allow());
            relevant.add(policy.deny());
        }
        failsafes.forEach(failsafe -> relevant.add(firstFailsafe + failsafe));
        relevant.removeIf(member -> member == NONE);
        return relevant;
    }

    /** Whether a class is inside a member. */
    boolean isIn(int set, int member) {
        return member != NONE && overlay.sets().contains(set, member);
    }

    /** The place of a member among those of a class, from 1; 0 if the class is not inside it. */
    int place(int set, int member) {
        return isIn(set, member) ? overlay.sets().place(set, member) + 1 : 0;
    }

    boolean isFailsafe(int set, int failsafe) {
        return isIn(set, firstFailsafe + failsafe);
    }

    boolean isNameKnown(int set) {
        return isIn(set, known);
    }

    /** The own addresses that a resource selects; {@link #NONE} if no policy of it asks. */
    int bound(Resource resource) {
        return bound.getOrDefault(resource.name(), NONE);
    }

    /** The balancers in front of a resource; {@link #NONE} if it has none. */
    int balancers(Resource resource) {
        return balancers.getOrDefault(resource.name(), NONE);
    }

    /** Where a policy's rules are to be found. */
    PolicyMembers of(Policy policy) {
        Member allow = new Member(owner(policy, Rule.Action.ALLOW).name(), Rule.Action.ALLOW);
        Member deny = new Member(owner(policy, Rule.Action.DENY).name(), Rule.Action.DENY);
        return new PolicyMembers(
                policy,
                rules.getOrDefault(allow, NONE),
                rules.getOrDefault(deny, NONE),
                patterns.containsKey(allow),
                patterns.containsKey(deny));
    }

    /** Whose list of an action is used: that of the policy, or of one that it falls back to. */
    private Policy owner(Policy policy, Rule.Action action) {
        boolean own =
                policy.fallback().isEmpty()
                        || policy.rules().stream().anyMatch(rule -> rule.action() == action);
        return own ? policy : owner(policies.get(policy.fallback()), action);
    }
}

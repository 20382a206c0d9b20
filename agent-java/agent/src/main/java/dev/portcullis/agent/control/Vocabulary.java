// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.control;

import dev.portcullis.agent.endpoints.EndpointBook;
import dev.portcullis.agent.endpoints.NamedEndpoint;
import dev.portcullis.agent.names.HostState;
import dev.portcullis.agent.names.NameBook;
import dev.portcullis.agent.sets.AddressSets;
import dev.portcullis.agent.sets.Loaded;
import dev.portcullis.agent.workloads.WorkloadBook;
import dev.portcullis.policy.model.Cgroup;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.model.Workload;
import dev.portcullis.policy.validation.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * What the words in policies and resources stand for, address sets, names, workloads and private
 * endpoints, kept up to date.
 */
public final class Vocabulary {
    /**
     * The words of a state that is not in force yet.
     *
     * @param sets what its address sets hold; without those that have violations
     * @param workloads what its workloads stand for
     * @param violations of sets that can't be had, and of rules that are new and can't be enforced
     */
    record Prepared(
            Map<String, SortedSet<Prefix>> sets,
            Map<Workload, List<Cgroup>> workloads,
            List<Violation> violations,
            List<String> warnings) {}

    private final AddressSets sets;
    private final NameBook names;
    private final WorkloadBook workloads;
    private final EndpointBook endpoints;

    public Vocabulary(
            AddressSets sets, NameBook names, WorkloadBook workloads, EndpointBook endpoints) {
        this.sets = sets;
        this.names = names;
        this.workloads = workloads;
        this.endpoints = endpoints;
    }

    /**
     * Reads what the state needs and is not there yet. This waits for servers, minutes at worst.
     *
     * @param before the state in force, whose rules stay whatever became of what they name
     */
    Prepared prepare(DesiredState before, DesiredState next) {
        Loaded loaded = sets.load(next.sets().values());
        List<String> warnings = new ArrayList<>(loaded.warnings());
        Set<String> hosts = hosts(next);
        if (!hosts.isEmpty()) {
            for (HostState host : names.resolveNow(hosts)) {
                warnings.add(
                        "host name "
                                + host.name()
                                + ": stands for no address now"
                                + (host.problem().isEmpty() ? "" : " (" + host.problem() + ")")
                                + "; rules that name it match nobody until it does");
            }
        }
        Map<Workload, List<Cgroup>> cgroups = workloads.resolveNow(workloads(next));
        cgroups.forEach((workload, found) -> {
            if (found.isEmpty()) {
                warnings.add(
                        workload
                                + ": has no cgroup now; resources that name it are about its"
                                + " processes once it is started");
            }
        });
        List<Violation> violations = new ArrayList<>(loaded.violations());
        prepareEndpoints(before, next, violations, warnings);
        return new Prepared(loaded.prefixes(), cgroups, violations, warnings);
    }

    /** The same for a state whose rules were in force before, or are. */
    Prepared prepare(DesiredState state) {
        return prepare(state, state);
    }

    private void prepareEndpoints(
            DesiredState before,
            DesiredState next,
            List<Violation> violations,
            List<String> warnings) {
        List<NamedEndpoint> wanted = NamedEndpoint.of(next);
        if (wanted.isEmpty()) {
            return;
        }
        endpoints.readNow();
        Set<NamedEndpoint> known =
                NamedEndpoint.of(before).stream()
                        .map(NamedEndpoint::anywhere)
                        .collect(Collectors.toSet());
        for (NamedEndpoint named : wanted) {
            if (known.contains(named.anywhere())) {
                endpoints.unmatched(named).ifPresent(warnings::add);
            } else {
                endpoints.problem(named).ifPresent(violations::add);
            }
        }
    }

    /** The words as they are now, with the sets of a state that is not in force yet. */
    Environment environment(Prepared prepared, HostAddresses host) {
        return new Environment(
                host, prepared.sets, names.names(), prepared.workloads, endpoints.endpoints());
    }

    /** The words as they are now. */
    Environment environment(HostAddresses host) {
        return new Environment(
                host, sets.prefixes(), names.names(), workloads.cgroups(), endpoints.endpoints());
    }

    /** The cgroups that a workload stands for at this moment. */
    List<Cgroup> cgroups(Workload workload) {
        return workloads.resolveNow(Set.of(workload)).getOrDefault(workload, List.of());
    }

    /** Keeps the words of a state up to date from now on, and no others. */
    void follow(DesiredState inForce, Prepared prepared) {
        sets.follow(
                inForce.sets().values().stream()
                        .filter(set -> prepared.sets.containsKey(set.name()))
                        .toList());
        names.follow(hosts(inForce), words(inForce, Peers.NamePattern.class));
        workloads.follow(workloads(inForce));
        endpoints.follow(NamedEndpoint.of(inForce));
    }

    private static Set<Workload> workloads(DesiredState state) {
        return state.resources().values().stream()
                .map(Resource::workload)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    private static Set<String> hosts(DesiredState state) {
        return words(state, Peers.HostName.class).stream()
                .map(Peers.HostName::name)
                .collect(Collectors.toSet());
    }

    /** The words of one sort in all rules. */
    private static <T extends Peers> Set<T> words(DesiredState state, Class<T> sort) {
        Set<T> words = new HashSet<>();
        for (Policy policy : state.policies().values()) {
            for (Rule rule : policy.rules()) {
                if (sort.isInstance(rule.peers())) {
                    words.add(sort.cast(rule.peers()));
                }
            }
        }
        return words;
    }

    /** Has a listener called after a word came to stand for something else. */
    void onChange(Runnable listener) {
        sets.onChange(listener);
        names.onChange(listener);
        workloads.onChange(listener);
        endpoints.onChange(listener);
    }

    /** What an operator should know, a sentence each. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        sets.states().stream()
                .filter(state -> !state.lastFailure().isEmpty())
                .map(state ->
                        "address set "
                                + state.name()
                                + " is as of "
                                + state.lastSuccess()
                                + ": "
                                + state.lastFailure())
                .forEach(problems::add);
        names.states().stream()
                .filter(state -> !state.problem().isEmpty())
                .map(state -> "host name " + state.name() + ": " + state.problem())
                .forEach(problems::add);
        problems.addAll(endpoints.problems());
        return problems;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The private endpoints that rules name. As with addresses, those that the same policies name share
 * a class; class 0 is of those that none names.
 */
final class PrivateEndpoints {
    private final List<List<Member>> classes = new ArrayList<>(List.of(List.of()));
    private final Map<PrivateEndpoint, Integer> classOf = new HashMap<>();

    /**
     * @param environment what they stand for where rules name them by something else
     */
    PrivateEndpoints(Collection<Policy> policies, Environment environment) {
        Map<PrivateEndpoint, SortedSet<String>> naming = new HashMap<>();
        for (Policy policy : policies) {
            policy.rules().stream()
                    .map(Rule::peers)
                    .flatMap(peers -> environment.endpoint(peers).stream())
                    .forEach(endpoint ->
                            naming.computeIfAbsent(endpoint, key -> new TreeSet<>())
                                    .add(policy.name()));
        }
        SortedMap<PrivateEndpoint, SortedSet<String>> sorted =
                new TreeMap<>(PrivateEndpoints::compare);
        sorted.putAll(naming);
        Map<SortedSet<String>, Integer> numbers = new HashMap<>();
        sorted.forEach((endpoint, names) ->
                classOf.put(
                        endpoint,
                        numbers.computeIfAbsent(
                                names,
                                key -> {
                                    classes.add(members(key));
                                    return classes.size() - 1;
                                })));
    }

    private static List<Member> members(SortedSet<String> policies) {
        return policies.stream().map(name -> new Member(name, Rule.Action.ALLOW)).toList();
    }

    private static int compare(PrivateEndpoint one, PrivateEndpoint other) {
        int byKind = one.kind().compareTo(other.kind());
        return byKind != 0
                ? byKind
                : one.id().asReadOnlyByteBuffer().compareTo(other.id().asReadOnlyByteBuffer());
    }

    /** The policies that name the endpoints of each class. */
    List<List<Member>> classes() {
        return List.copyOf(classes);
    }

    Map<PrivateEndpoint, Integer> classOf() {
        return Map.copyOf(classOf);
    }
}

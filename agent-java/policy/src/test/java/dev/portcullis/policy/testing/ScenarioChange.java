// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.testing;

import dev.portcullis.policy.model.Association;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a {@link Scenario} of another that differs in some rules, resources and words. */
public final class ScenarioChange {
    private final Draw draw;
    private final Scenario before;
    private final Scenario other;

    private ScenarioChange(Scenario before, boolean bothWays) {
        this.draw = new Draw(~before.seed());
        this.before = before;
        this.other =
                bothWays
                        ? StateGenerator.bothWays(~before.seed(), 0)
                        : StateGenerator.scenario(~before.seed(), 0);
    }

    /** The same change each time; with the packets that there were. */
    public static Scenario of(Scenario before) {
        return new ScenarioChange(before, false).after();
    }

    /** The same of one with packets that leave. */
    public static Scenario bothWays(Scenario before) {
        return new ScenarioChange(before, true).after();
    }

    private Scenario after() {
        SortedMap<String, Policy> policies = new TreeMap<>();
        before.state().policies().forEach((name, policy) -> policies.put(name, changed(policy)));
        SortedMap<String, Resource> resources = new TreeMap<>();
        before.state()
                .resources()
                .forEach((name, resource) -> {
                    if (draw.chance(85)) {
                        resources.put(name, changed(resource));
                    }
                });
        SortedMap<String, Association> associations = new TreeMap<>(before.state().associations());
        associations.values().removeIf(a -> !resources.containsKey(a.resource()));
        Environment words = before.environment();
        return new Scenario(
                before.seed(),
                new DesiredState(policies, resources, associations, before.state().sets()),
                draw.chance(80) ? before.failsafe() : other.failsafe(),
                draw.chance(50)
                        ? words
                        : new Environment(
                                words.host(),
                                draw.chance(50) ? Map.of() : words.sets(),
                                other.environment().names(),
                                words.workloads(),
                                words.endpoints()),
                before.interfaces(),
                before.packets());
    }

    private Policy changed(Policy policy) {
        return new Policy(
                policy.name(),
                policy.type(),
                rules(policy),
                draw.chance(95) == policy.enabled(),
                policy.fallback(),
                policy.region(),
                policy.includeByDefault(),
                policy.description());
    }

    /** As they are, some of them, or those of another policy of its type. */
    private List<Rule> rules(Policy policy) {
        if (draw.chance(40)) {
            return policy.rules();
        }
        if (draw.chance(50)) {
            return policy.rules().stream().filter(rule -> draw.chance(75)).toList();
        }
        return other.state().policies().values().stream()
                .filter(found -> found.type() == policy.type())
                .findFirst()
                .orElse(policy)
                .rules();
    }

    private Resource changed(Resource resource) {
        List<String> policies =
                draw.chance(80)
                        ? resource.policies()
                        : draw.someOf(List.copyOf(before.state().policies().keySet()), 0, 3);
        return new Resource(
                resource.name(),
                resource.addresses(),
                resource.ports(),
                resource.interfaces(),
                resource.workload(),
                policies.stream()
                        .filter(name ->
                                StateGenerator.goTogether(
                                        before.state().policies().get(name), resource))
                        .toList(),
                draw.chance(80)
                        ? resource.enforcement()
                        : draw.oneOf(List.of(Enforcement.values())),
                resource.remoteClusterPort(),
                resource.balancers(),
                resource.region(),
                resource.description());
    }
}

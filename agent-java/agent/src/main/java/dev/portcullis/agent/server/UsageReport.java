// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.agent.server;

import dev.portcullis.agent.control.Control;
import dev.portcullis.agent.control.Refusal;
import dev.portcullis.agent.control.Times;
import dev.portcullis.api.v1.ListUsageRequest;
import dev.portcullis.api.v1.ListUsageResponse;
import dev.portcullis.api.v1.PolicyUsage;
import dev.portcullis.api.v1.RuleUsage;
import dev.portcullis.dataplane.Counter;
import dev.portcullis.dataplane.Dataplane;
import dev.portcullis.dataplane.RuleTimes;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.validation.Coverage;
import dev.portcullis.policy.validation.Quoted;
import dev.portcullis.policy.validation.RulePath;
import dev.portcullis.policy.validation.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What policies protect, and when their rules last matched. */
final class UsageReport {
    private final Dataplane dataplane;
    private final DesiredState state;
    private final Environment environment;
    private final Map<String, List<String>> associated;
    private final List<Counter> counters;

    UsageReport(Control control, Dataplane dataplane) {
        this.dataplane = dataplane;
        this.state = control.state();
        this.environment = control.environment();
        this.associated = state.associated();
        this.counters = dataplane.counters();
    }

    /**
     * @throws Refusal if the policy that is asked for is not there
     */
    List<ListUsageResponse> list(ListUsageRequest request) {
        String wanted = request.getPolicy();
        if (!wanted.isEmpty() && !state.policies().containsKey(wanted)) {
            throw new Refusal(
                    Refusal.Cause.NOT_FOUND,
                    "no policy is named "
                            + Quoted.of(wanted)
                            + Suggestion.didYouMean(wanted, state.policies().keySet()));
        }
        List<ListUsageResponse> usage = new ArrayList<>();
        for (Policy policy : state.policies().values()) {
            if (wanted.isEmpty() || wanted.equals(policy.name())) {
                List<Optional<Instant>> times =
                        policy.rules().stream().map(rule -> lastMatch(policy, rule)).toList();
                usage.add(ListUsageResponse.newBuilder().setPolicy(of(policy, times)).build());
                if (request.getRules()) {
                    addRules(policy, times, usage);
                }
            }
        }
        return usage;
    }

    /** Of all that the rule stands for now. */
    private Optional<Instant> lastMatch(Policy policy, Rule rule) {
        RuleTimes times = dataplane.ruleTimes();
        Optional<Instant> last =
                environment
                        .endpoint(rule.peers())
                        .flatMap(endpoint -> times.lastMatch(policy.name(), rule, endpoint));
        for (Prefix prefix : environment.prefixes(rule.peers())) {
            last = later(last, times.lastMatch(policy.name(), rule, prefix));
        }
        return last;
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || (other.isPresent() && other.get().isAfter(one.get())) ? other : one;
    }

    private PolicyUsage of(Policy policy, List<Optional<Instant>> times) {
        PolicyUsage.Builder usage =
                PolicyUsage.newBuilder()
                        .setPolicy(policy.name())
                        .setType(policy.type().text())
                        .setRules(policy.rules().size())
                        .setPackets(packets(policy));
        state.resources().keySet().stream()
                .filter(resource -> associated.get(resource).contains(policy.name()))
                .forEach(usage::addResources);
        state.policies().values().stream()
                .filter(other -> other.fallback().equals(policy.name()))
                .forEach(other -> usage.addFallbackOf(other.name()));
        times.stream()
                .reduce(Optional.empty(), UsageReport::later)
                .ifPresent(last -> usage.setLastMatch(Times.timestamp(last)));
        return usage.build();
    }

    private long packets(Policy policy) {
        return counters.stream()
                .filter(counter -> counter.decision().policy().equals(policy.name()))
                .mapToLong(Counter::packets)
                .sum();
    }

    private static void addRules(
            Policy policy, List<Optional<Instant>> times, List<ListUsageResponse> usage) {
        Map<Integer, Integer> covered = Coverage.of(policy.rules());
        for (int i = 0; i < policy.rules().size(); i++) {
            Rule rule = policy.rules().get(i);
            RuleUsage.Builder of =
                    RuleUsage.newBuilder()
                            .setField(RulePath.of(policy, i))
                            .setSource(rule.subject())
                            .setDescription(rule.description());
            if (covered.containsKey(i)) {
                of.setCoveredBy(RulePath.of(policy, covered.get(i)));
            } else {
                times.get(i).ifPresent(last -> of.setLastMatch(Times.timestamp(last)));
            }
            usage.add(ListUsageResponse.newBuilder().setRule(of).build());
        }
    }
}

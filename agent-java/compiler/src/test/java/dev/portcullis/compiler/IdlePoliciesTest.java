// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ReferenceModel;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.testing.Scenario;
import dev.portcullis.policy.testing.StateGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IdlePoliciesTest {
    private static final long SEED = Long.getLong("portcullis.seed", 20_261_125);

    private final Map<String, Policy> policies = new LinkedHashMap<>();

    @Test
    void a_policy_inside_an_earlier_one_is_idle() {
        add("vpn", PolicyType.IP, "10.0.0.0/8");
        add("office", PolicyType.IP, "10.1.0.0/16", "10.2.0.0/16");

        assertThat(idle()).containsExactly(new IdlePolicy("office", "web", List.of("vpn")));
    }

    @Test
    void it_takes_every_source_to_be_idle() {
        add("vpn", PolicyType.IP, "10.0.0.0/8");
        add("office", PolicyType.IP, "10.1.0.0/16", "192.0.2.0/24");

        assertThat(idle()).isEmpty();
    }

    @Test
    void several_policies_may_leave_nothing_together() {
        add("vpn", PolicyType.IP, "10.0.0.0/8");
        add("home", PolicyType.IP, "192.0.2.0/24");
        add("office", PolicyType.IP, "192.0.2.7/32", "10.1.0.0/16");

        assertThat(idle()).containsExactly(new IdlePolicy("office", "web", List.of("vpn", "home")));
    }

    @Test
    void an_earlier_policy_that_is_narrower_is_not_idle() {
        add("office", PolicyType.IP, "10.1.0.0/16");
        add("vpn", PolicyType.IP, "10.0.0.0/8");

        assertThat(idle()).isEmpty();
    }

    @Test
    void a_blocklist_is_asked_first_wherever_it_stands() {
        add("office", PolicyType.IP, "10.1.0.0/16");
        add("threats", PolicyType.BLOCKLIST, "10.0.0.0/8");

        assertThat(idle()).containsExactly(new IdlePolicy("office", "web", List.of("threats")));
    }

    @Test
    void a_policy_that_allows_leaves_blocklists_all_they_have() {
        add("vpn", PolicyType.IP, "10.0.0.0/8");
        add("threats", PolicyType.BLOCKLIST, "10.1.0.0/16");

        assertThat(idle()).isEmpty();
    }

    @Test
    void a_policy_for_one_port_leaves_the_others_to_those_after_it() {
        add("clusters", PolicyType.REMOTE_CLUSTER, "10.0.0.0/8");
        add("office", PolicyType.IP, "10.1.0.0/16");
        add("cluster", PolicyType.REMOTE_CLUSTER, "10.2.0.0/16");

        assertThat(idle()).containsExactly(new IdlePolicy("cluster", "web", List.of("clusters")));
    }

    @Test
    void an_allow_deny_policy_matches_whom_it_does_not_deny() {
        policies.put(
                "filter",
                Policy.of(
                        "filter",
                        PolicyType.ALLOW_DENY,
                        List.of(rule("10.0.0.0/8", Rule.Action.DENY))));
        add("office", PolicyType.IP, "192.0.2.0/24");
        add("vpn", PolicyType.IP, "10.1.0.0/16");

        assertThat(idle()).containsExactly(new IdlePolicy("office", "web", List.of("filter")));
    }

    @Test
    void words_that_change_make_nothing_certain() {
        policies.put(
                "partners",
                Policy.of(
                        "partners",
                        PolicyType.IP,
                        List.of(Rule.allow("partners", new Peers.InSet("partners")))));
        add("office", PolicyType.IP, "10.1.0.0/16");
        Environment words =
                new Environment(
                        HostAddresses.of(List.of()),
                        Map.of("partners", new TreeSet<>(Set.of(prefix("10.0.0.0/8")))),
                        Names.NONE);

        assertThat(IdlePolicies.of(state(), compile(state(), words))).isEmpty();
    }

    @Test
    void a_policy_without_rules_is_not_told_of() {
        add("vpn", PolicyType.IP, "10.0.0.0/8");
        add("nobody", PolicyType.IP);

        assertThat(idle()).isEmpty();
    }

    @Test
    void an_idle_policy_decides_on_no_generated_packet_whatever_the_words_stand_for() {
        List<Decision> wrong = new ArrayList<>();
        int found = 0;
        for (long seed = SEED; seed < SEED + 300; seed++) {
            Scenario scenario = StateGenerator.scenario(seed, 200);
            Environment words = scenario.environment();
            List<IdlePolicy> idle =
                    IdlePolicies.of(scenario.state(), compile(scenario.state(), words));
            found += idle.size();
            for (ReferencePacket packet :
                    idle.isEmpty() ? List.<ReferencePacket>of() : scenario.packets()) {
                for (Environment moment : List.of(words, Environment.of(words.host()))) {
                    Decision decision =
                            ReferenceModel.judge(
                                            scenario.state(), scenario.failsafe(), moment, packet)
                                    .decision();
                    if (idle.stream()
                            .anyMatch(i ->
                                    i.policy().equals(decision.policy())
                                            && i.resource().equals(decision.resource()))) {
                        wrong.add(decision);
                    }
                }
            }
        }

        assertThat(wrong).as("from seed %d", SEED).isEmpty();
        assertThat(found).isGreaterThan(20);
    }

    private void add(String name, PolicyType type, String... sources) {
        Rule.Action action = type.allows() ? Rule.Action.ALLOW : Rule.Action.DENY;
        List<Rule> rules = Arrays.stream(sources).map(source -> rule(source, action)).toList();
        policies.put(name, Policy.of(name, type, rules));
    }

    private static Rule rule(String source, Rule.Action action) {
        return new Rule(source, prefix(source), action, "");
    }

    private static Prefix prefix(String text) {
        String[] parts = text.split("/");
        return Prefix.of(Address.parse(parts[0]), Integer.parseInt(parts[1]));
    }

    /** The resource web has all policies, in the order in which they were added. */
    private DesiredState state() {
        Resource web =
                Resource.of(
                        "web",
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(),
                        List.copyOf(policies.keySet()));
        return new DesiredState(policies, Map.of("web", web));
    }

    private List<IdlePolicy> idle() {
        Environment words = Environment.of(HostAddresses.of(List.of()));
        return IdlePolicies.of(state(), compile(state(), words));
    }

    private static Image compile(DesiredState state, Environment words) {
        return Compiler.compile(state, List.of(), words, DecisionIds.none());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static dev.portcullis.policy.validation.ObjectsOfTest.policy;
import static dev.portcullis.policy.validation.ObjectsOfTest.port;
import static dev.portcullis.policy.validation.ObjectsOfTest.range;
import static dev.portcullis.policy.validation.ObjectsOfTest.resource;
import static dev.portcullis.policy.validation.ObjectsOfTest.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.ObjectKind;
import dev.portcullis.policy.model.ObjectName;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateCheckTest {
    private static final String REMEDY =
            "): neither is more specific; narrow the addresses, interfaces, protocol or ports of"
                    + " one of them";

    @Test
    void a_reference_to_a_policy_that_is_not_there_names_the_nearest() {
        Policy office = Conversion.policy(policy("office")).value().orElseThrow();
        Resource web = web("web", spec().addPolicies("office").addPolicies("offcie"));
        DesiredState state = new DesiredState(Map.of("office", office), Map.of("web", web));

        assertThat(StateCheck.check(state))
                .extracting(Violation::toString)
                .containsExactly(
                        "resource web: spec.policies[1]: no policy is named \"offcie\" (did you mean"
                                + " \"office\"?)");
    }

    @Test
    void a_reference_to_nothing_alike_says_what_to_do() {
        DesiredState state =
                new DesiredState(Map.of(), Map.of("web", web("web", spec().addPolicies("vpn"))));

        assertThat(StateCheck.check(state))
                .extracting(Violation::toString)
                .containsExactly(
                        "resource web: spec.policies[0]: no policy is named \"vpn\"; push it too, or"
                                + " take it out");
    }

    @Test
    void equal_resources_tie() {
        assertThat(ties(spec(), spec()))
                .containsExactly(
                        "resource b: spec.ports: ANY at every address ties with ANY of resource a"
                                + " (spec.ports"
                                + REMEDY);
    }

    @Test
    void overlapping_ranges_of_equal_width_at_the_same_prefix_tie() {
        assertThat(
                        ties(
                                spec().addAddresses("10.0.0.0/8")
                                        .addPorts(port("UDP", 1))
                                        .addPorts(range("TCP", 80, 90)),
                                spec().addAddresses("10.0.0.0/8").addPorts(range("TCP", 90, 100))))
                .containsExactly(
                        "resource b: spec.ports[0]: TCP 90 to 100 at 10.0.0.0/8 ties with TCP 80 to"
                                + " 90 of resource a (spec.ports[1]"
                                + REMEDY);
    }

    @Test
    void ranges_side_by_side_do_not_tie() {
        assertThat(
                        ties(
                                spec().addPorts(range("TCP", 80, 90)),
                                spec().addPorts(range("TCP", 91, 101))))
                .isEmpty();
    }

    @Test
    void the_narrower_range_wins_and_does_not_tie() {
        assertThat(
                        ties(
                                spec().addPorts(range("TCP", 80, 90)),
                                spec().addPorts(range("TCP", 80, 89))))
                .isEmpty();
    }

    @Test
    void all_ports_by_number_are_narrower_than_all_ports() {
        assertThat(ties(spec().addPorts(port("TCP")), spec().addPorts(range("TCP", 1, 65_535))))
                .isEmpty();
    }

    @Test
    void the_longer_prefix_wins_and_does_not_tie() {
        assertThat(ties(spec().addAddresses("10.0.0.0/8"), spec().addAddresses("10.0.0.0/9")))
                .isEmpty();
    }

    @Test
    void a_named_protocol_wins_over_any_and_does_not_tie() {
        assertThat(ties(spec().addPorts(port("TCP", 80)), spec().addPorts(port("ANY", 80))))
                .isEmpty();
    }

    @Test
    void different_protocols_do_not_tie() {
        assertThat(ties(spec().addPorts(port("TCP", 80)), spec().addPorts(port("UDP", 80))))
                .isEmpty();
    }

    @Test
    void a_named_interface_wins_over_none_and_does_not_tie() {
        assertThat(ties(spec().addInterfaces("eth0"), spec())).isEmpty();
    }

    @Test
    void different_interfaces_do_not_tie() {
        assertThat(ties(spec().addInterfaces("eth0"), spec().addInterfaces("eth1"))).isEmpty();
    }

    @Test
    void a_shared_interface_ties() {
        assertThat(
                        ties(
                                spec().addAddresses("local").addInterfaces("eth0"),
                                spec().addAddresses("local")
                                        .addInterfaces("eth0")
                                        .addInterfaces("eth1")))
                .containsExactly(
                        "resource b: spec.ports: ANY at local on eth0 ties with ANY of resource a"
                                + " (spec.ports"
                                + REMEDY);
    }

    @Test
    void local_ties_with_an_address_only_while_the_host_has_it() {
        List<Resource> resources =
                List.of(
                        web("a", spec().addAddresses("local")),
                        web("b", spec().addAddresses("192.0.2.1")));
        HostAddresses host = HostAddresses.of(List.of(Address.parse("192.0.2.1")));

        assertThat(TieCheck.check(resources)).isEmpty();
        assertThat(TieCheck.check(resources, host))
                .extracting(Violation::toString)
                .containsExactly(
                        "resource b: spec.ports: ANY at 192.0.2.1/32 ties with ANY of resource a"
                                + " (spec.ports"
                                + REMEDY);
        assertThat(TieCheck.check(resources, HostAddresses.of(List.of()))).isEmpty();
    }

    @Test
    void entries_of_one_resource_do_not_tie_with_each_other() {
        DesiredState state =
                state(
                        List.of(
                                web(
                                        "a",
                                        spec().addPorts(range("TCP", 80, 90))
                                                .addPorts(range("TCP", 85, 95)))));

        assertThat(StateCheck.check(state)).isEmpty();
    }

    @Test
    void a_tie_is_found_past_the_resources_own_entries() {
        assertThat(
                        ties(
                                spec().addPorts(range("TCP", 80, 90))
                                        .addPorts(range("TCP", 81, 91)),
                                spec().addPorts(range("TCP", 70, 80))))
                .hasSize(1);
    }

    @Test
    void thousands_of_resources_are_checked_in_a_moment() {
        List<Resource> resources = new ArrayList<>();
        for (int i = 1; i <= 20_000; i++) {
            resources.add(web("r" + i, spec().addPorts(port("TCP", i)).addPorts(port("UDP", i))));
        }
        resources.add(web("tied", spec().addPorts(port("UDP", 777))));
        DesiredState state = state(resources);
        Instant begin = Instant.now();

        List<Violation> violations = StateCheck.check(state);

        assertThat(violations).extracting(Violation::object).containsExactly("resource tied");
        assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void sources_within_the_capacity_are_sound() {
        assertThat(StateCheck.quota(threeSources(), Map.of(), new Quota(2, 3, 3))).isEmpty();
    }

    @Test
    void sources_over_the_capacity_are_told_with_both_numbers() {
        assertThat(StateCheck.quota(threeSources(), Map.of(), new Quota(2, 3, 2)))
                .extracting(Violation::toString)
                .containsExactly(
                        "3 addresses in all are more than the 2 that there is room for; take some"
                                + " out, or raise capacity.prefixes in agent.yaml");
    }

    @Test
    void two_objects_of_a_kind_and_name_in_a_push_are_refused() {
        List<ObjectName> pushed =
                List.of(
                        new ObjectName(ObjectKind.POLICY, "office"),
                        new ObjectName(ObjectKind.RESOURCE, "office"),
                        new ObjectName(ObjectKind.POLICY, "office"));

        assertThat(StateCheck.duplicates(pushed))
                .extracting(Violation::toString)
                .containsExactly(
                        "policy office: metadata.name: objects 1 and 3 of this push are both named"
                                + " so; keep one");
    }

    private static DesiredState threeSources() {
        Policy one = Conversion.policy(policy("one", "10.0.0.1")).value().orElseThrow();
        Policy two = Conversion.policy(policy("two", "10.0.0.1", "::1")).value().orElseThrow();
        return new DesiredState(Map.of("one", one, "two", two), Map.of());
    }

    private static List<String> ties(ResourceSpec.Builder a, ResourceSpec.Builder b) {
        return StateCheck.check(state(List.of(web("a", a), web("b", b)))).stream()
                .map(Violation::toString)
                .toList();
    }

    private static DesiredState state(List<Resource> resources) {
        Map<String, Resource> byName = new HashMap<>();
        resources.forEach(r -> byName.put(r.name(), r));
        return new DesiredState(Map.of(), byName);
    }

    private static Resource web(String name, ResourceSpec.Builder spec) {
        return Conversion.resource(resource(name, spec)).value().orElseThrow();
    }
}

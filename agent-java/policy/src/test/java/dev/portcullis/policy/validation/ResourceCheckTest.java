// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.validation;

import static dev.portcullis.policy.validation.ObjectsOfTest.port;
import static dev.portcullis.policy.validation.ObjectsOfTest.range;
import static dev.portcullis.policy.validation.ObjectsOfTest.resource;
import static dev.portcullis.policy.validation.ObjectsOfTest.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1.Port;
import dev.portcullis.api.v1.ResourceSpec;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Resource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceCheckTest {
    @Test
    void a_sound_resource_is_converted_field_by_field() {
        Resource resource =
                value(
                        spec().addAddresses("10.20.0.0/16")
                                .addAddresses("local")
                                .addPorts(port("TCP", 9200))
                                .addPorts(range("UDP", 9300, 9310))
                                .addPorts(port("ICMP"))
                                .addInterfaces("eth1")
                                .addPolicies("office")
                                .addPolicies("home")
                                .setDescription("search"));

        assertThat(resource.addresses().host()).isTrue();
        assertThat(resource.addresses().prefixes())
                .extracting(Object::toString)
                .containsExactly("10.20.0.0/16");
        assertThat(resource.ports())
                .containsExactly(
                        new PortMatch(Protocol.TCP, Optional.of(new PortRange(9200, 9200))),
                        new PortMatch(Protocol.UDP, Optional.of(new PortRange(9300, 9310))),
                        new PortMatch(Protocol.ICMP, Optional.empty()));
        assertThat(resource.interfaces()).containsExactly("eth1");
        assertThat(resource.policies()).containsExactly("office", "home");
        assertThat(resource.description()).isEqualTo("search");
    }

    @Test
    void a_resource_that_names_nothing_selects_everything_and_is_open() {
        Resource resource = value(spec());

        assertThat(resource.addresses()).isEqualTo(LocalAddresses.EVERY);
        assertThat(resource.ports()).containsExactly(PortMatch.EVERYTHING);
        assertThat(resource.interfaces()).isEmpty();
        assertThat(resource.policies()).isEmpty();
    }

    @Test
    void a_missing_protocol_means_any() {
        assertThat(value(spec().addPorts(Port.newBuilder().setPort(53))).ports())
                .containsExactly(new PortMatch(Protocol.ANY, Optional.of(new PortRange(53, 53))));
    }

    @Test
    void a_missing_spec_is_refused_since_an_empty_one_selects_everything() {
        assertThat(
                        Conversion.resource(resource("web", spec()).toBuilder().clearSpec().build())
                                .violations())
                .extracting(Violation::toString)
                .containsExactly("resource web: spec: is missing; write {} for all that arrives");
    }

    @Test
    void a_protocol_in_lower_case_is_refused_with_the_right_one() {
        assertThat(violations(spec().addPorts(port("tcp", 80))))
                .containsExactly(
                        "resource web: spec.ports[0].protocol: no protocol is named \"tcp\" (did you"
                                + " mean \"TCP\"?); known: TCP, UDP, SCTP, ICMP, ANY");
    }

    @Test
    void ports_out_of_range_are_refused() {
        assertThat(violations(spec().addPorts(range("TCP", 0, 65_536)).addPorts(port("UDP", -1))))
                .containsExactly(
                        "resource web: spec.ports[0].port: 0 is not a port; write 1 to 65535",
                        "resource web: spec.ports[0].endPort: 65536 is not a port; write 1 to"
                                + " 65535",
                        "resource web: spec.ports[1].port: 4294967295 is not a port; write 1 to"
                                + " 65535");
    }

    @Test
    void the_first_and_the_last_port_are_sound() {
        assertThat(value(spec().addPorts(range("TCP", 1, 65_535))).ports())
                .containsExactly(
                        new PortMatch(Protocol.TCP, Optional.of(new PortRange(1, 65_535))));
    }

    @Test
    void an_end_port_needs_a_port() {
        assertThat(violations(spec().addPorts(Port.newBuilder().setProtocol("TCP").setEndPort(9))))
                .containsExactly(
                        "resource web: spec.ports[0].endPort: needs a port, where the range begins");
    }

    @Test
    void an_end_port_below_the_port_is_refused() {
        assertThat(violations(spec().addPorts(range("TCP", 90, 80))))
                .containsExactly(
                        "resource web: spec.ports[0].endPort: 80 is below port, which is 90");
    }

    @Test
    void icmp_has_no_port() {
        assertThat(violations(spec().addPorts(port("ICMP", 8))))
                .containsExactly(
                        "resource web: spec.ports[0].port: ICMP has no ports; leave the port out");
    }

    @Test
    void a_bad_address_is_refused() {
        assertThat(violations(spec().addAddresses("10.0.0.0/40").addAddresses("Local")))
                .containsExactly(
                        "resource web: spec.addresses[0]: \"10.0.0.0/40\" needs a prefix length from"
                                + " 0 to 32, or local",
                        "resource web: spec.addresses[1]: \"Local\" is not an IPv4 or IPv6 address"
                                + " or CIDR; write one such as 203.0.113.0/24 or 2001:db8:7::/48,"
                                + " or local in lower case");
    }

    @Test
    void host_bits_and_repetitions_of_addresses_are_warnings() {
        assertThat(
                        warnings(
                                spec().addAddresses("10.0.0.1/8")
                                        .addAddresses("10.0.0.0/8")
                                        .addAddresses("local")
                                        .addAddresses("local")))
                .containsExactly(
                        "resource web: spec.addresses[0]: 10.0.0.1/8 has host bits set; it means"
                                + " 10.0.0.0/8",
                        "resource web: spec.addresses[1]: 10.0.0.0/8 is given twice; the second"
                                + " adds nothing",
                        "resource web: spec.addresses[3]: local is given twice; the second adds"
                                + " nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0", "a", "veth-1.100@x", "123456789012345"})
    void a_name_of_an_interface_is_sound(String name) {
        assertThat(violations(spec().addInterfaces(name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1234567890123456", "eth 0", "a/b", "a:b", ".", "..", "ääääääää"})
    void what_can_be_no_interface_is_refused(String name) {
        assertThat(violations(spec().addInterfaces(name)))
                .containsExactly(
                        "resource web: spec.interfaces[0]: \""
                                + name
                                + "\" is not an interface's name; write 1 to 15 characters without"
                                + " blanks, \"/\" and \":\"");
    }

    @Test
    void loopback_is_refused_since_it_is_never_judged() {
        assertThat(violations(spec().addInterfaces("lo")))
                .containsExactly(
                        "resource web: spec.interfaces[0]: lo is never guarded: loopback is not"
                                + " judged; take it out");
    }

    @Test
    void a_pattern_of_interfaces_is_refused() {
        assertThat(violations(spec().addInterfaces("veth*")))
                .containsExactly(
                        "resource web: spec.interfaces[0]: \"veth*\" is a pattern; a resource names"
                                + " each interface, only agent.yaml has patterns");
    }

    @Test
    void a_policy_that_is_associated_twice_is_refused() {
        assertThat(violations(spec().addPolicies("a").addPolicies("b").addPolicies("a")))
                .containsExactly(
                        "resource web: spec.policies[2]: \"a\" is associated already, as"
                                + " spec.policies[0]; take one out");
    }

    private static Resource value(ResourceSpec.Builder spec) {
        return Conversion.resource(resource("web", spec)).value().orElseThrow();
    }

    private static List<String> violations(ResourceSpec.Builder spec) {
        return Conversion.resource(resource("web", spec)).violations().stream()
                .map(Violation::toString)
                .toList();
    }

    private static List<String> warnings(ResourceSpec.Builder spec) {
        return Conversion.resource(resource("web", spec)).warnings();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Malformed;
import dev.portcullis.policy.reference.ReferencePacket.NotIp;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import dev.portcullis.policy.validation.PrefixText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each group is a sentence of the semantics. */
class ReferenceModelTest {
    private static final String SERVER = "10.20.0.1";
    private static final String SERVER6 = "2001:db8::1";
    private static final String FRIEND = "203.0.113.9";
    private static final String FRIEND6 = "2001:db8:7::9";
    private static final String STRANGER = "198.51.100.1";
    private static final String STRANGER6 = "2001:db8:bad::1";

    private final Map<String, Policy> policies = new HashMap<>();
    private final Map<String, Resource> resources = new HashMap<>();
    private final List<Failsafe> failsafe = new ArrayList<>();
    private List<Address> own = List.of();

    @Nested
    class Not_ours_passes {
        @Test
        void what_is_not_ip() {
            guard("all").policies("nobody");

            assertThat(judge(new NotIp("eth0"))).isEqualTo(answer(Reason.NOT_IP));
        }

        @Test
        void a_destination_that_no_resource_matches() {
            guard("web").addresses("10.20.0.0/16").policies("nobody");

            assertThat(judge(tcp(STRANGER, "10.21.0.0", 80))).isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void an_interface_that_no_resource_names() {
            guard("web").interfaces("eth1").policies("nobody");

            assertThat(judge(tcp(STRANGER, SERVER, 80))).isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void a_port_that_no_resource_names() {
            guard("web").ports(range(Protocol.TCP, 80, 90)).policies("nobody");

            assertThat(judge(tcp(STRANGER, SERVER, 79))).isEqualTo(answer(Reason.NO_RESOURCE));
            assertThat(judge(tcp(STRANGER, SERVER, 91))).isEqualTo(answer(Reason.NO_RESOURCE));
            assertThat(judge(udp(STRANGER, SERVER, 80))).isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void host_protocols_and_failsafe_count_as_such_only_where_a_resource_matches() {
            failsafe.add(new Failsafe(range(Protocol.TCP, 22, 22), List.of()));

            assertThat(judge(tcp(STRANGER, SERVER, 22))).isEqualTo(answer(Reason.NO_RESOURCE));
            assertThat(judge(icmp6(135).withHopLimit(255))).isEqualTo(answer(Reason.NO_RESOURCE));
        }
    }

    @Nested
    class Never_break_the_host {
        @ParameterizedTest
        @ValueSource(ints = {133, 134, 135, 136, 137})
        void neighbour_discovery_and_router_messages_pass_with_hop_limit_255(int type) {
            guard("all").policies("nobody");

            assertThat(judge(icmp6(type).withHopLimit(255)))
                    .isEqualTo(answer(Reason.HOST_PROTOCOL));
        }

        @ParameterizedTest
        @ValueSource(ints = {133, 134, 135, 136, 137})
        void neighbour_discovery_from_beyond_a_router_is_judged(int type) {
            guard("all").policies("nobody");

            assertThat(judge(icmp6(type).withHopLimit(254)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }

        @ParameterizedTest
        @ValueSource(ints = {130, 131, 132, 143})
        void multicast_listener_messages_pass(int type) {
            guard("all").policies("nobody");

            assertThat(judge(icmp6(type).withHopLimit(1))).isEqualTo(answer(Reason.HOST_PROTOCOL));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 128, 129, 138, 142, 144})
        void other_icmpv6_is_judged(int type) {
            guard("all").policies("nobody");

            assertThat(judge(icmp6(type).withHopLimit(255)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }

        @Test
        void the_same_types_of_icmp_over_ipv4_are_judged() {
            guard("all").policies("nobody");
            Ip packet = ReferencePacket.icmp("eth0", ip(STRANGER), ip(SERVER), 135);

            assertThat(judge(packet.withHopLimit(255)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }

        @Test
        void replies_to_the_dhcp_client_pass() {
            guard("all").policies("nobody");

            assertThat(judge(udp("10.20.0.254", 67, "255.255.255.255", 68)))
                    .isEqualTo(answer(Reason.HOST_PROTOCOL));
            assertThat(judge(udp("fe80::1", 547, "fe80::2", 546)))
                    .isEqualTo(answer(Reason.HOST_PROTOCOL));
        }

        @Test
        void requests_to_a_dhcp_server_are_judged() {
            guard("all").policies("nobody");

            assertThat(judge(udp("10.20.0.9", 68, "255.255.255.255", 67)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
            assertThat(judge(udp("fe80::2", 546, "ff02::1:2", 547)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }

        @Test
        void dhcp_ports_of_the_other_family_or_of_tcp_are_judged() {
            guard("all").policies("nobody");

            assertThat(judge(udp("fe80::1", 67, "fe80::2", 68)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
            assertThat(judge(udp("10.20.0.254", 547, SERVER, 546)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
            assertThat(judge(ports(ReferencePacket.TCP, "10.20.0.254", 67, SERVER, 68)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }
    }

    @Nested
    class Failsafe_passes {
        @Test
        void its_ports_from_every_peer() {
            guard("all").policies("nobody");
            failsafe.add(new Failsafe(range(Protocol.TCP, 22, 22), List.of()));

            assertThat(judge(tcp(STRANGER, SERVER, 22))).isEqualTo(answer(Reason.FAILSAFE));
            assertThat(judge(tcp(STRANGER6, SERVER6, 22))).isEqualTo(answer(Reason.FAILSAFE));
        }

        @Test
        void nothing_else() {
            guard("all").policies("nobody");
            failsafe.add(new Failsafe(range(Protocol.TCP, 22, 22), List.of()));

            assertThat(judge(tcp(STRANGER, SERVER, 23)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
            assertThat(judge(udp(STRANGER, SERVER, 22)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }

        @Test
        void only_its_peers_when_it_is_narrowed() {
            guard("all").policies("nobody");
            failsafe.add(
                    new Failsafe(range(Protocol.TCP, 22, 22), List.of(prefix("203.0.113.0/24"))));

            assertThat(judge(tcp(FRIEND, SERVER, 22))).isEqualTo(answer(Reason.FAILSAFE));
            assertThat(judge(tcp(STRANGER, SERVER, 22)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "all"));
        }
    }

    @Nested
    class The_most_specific_resource_governs {
        @Test
        void longest_local_prefix_first() {
            guard("wide")
                    .addresses("10.0.0.0/8")
                    .ports(range(Protocol.TCP, 80, 80))
                    .interfaces("eth0");
            guard("narrow").addresses("10.20.0.0/16");

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "narrow"));
            assertThat(judge(tcp(FRIEND, "10.21.0.0", 80))).isEqualTo(answer(Reason.OPEN, "wide"));
        }

        @Test
        void then_named_interface_over_none() {
            guard("interface").interfaces("eth0", "eth1");
            guard("port").ports(range(Protocol.TCP, 80, 80));

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "interface"));
        }

        @Test
        void then_named_protocol_over_any() {
            guard("protocol").ports(all(Protocol.TCP));
            guard("port").ports(range(Protocol.ANY, 80, 80));

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "protocol"));
            assertThat(judge(udp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "port"));
        }

        @Test
        void then_the_narrowest_port_range() {
            guard("eleven").ports(range(Protocol.TCP, 80, 90));
            guard("ten").ports(range(Protocol.TCP, 80, 89));
            guard("numbered").ports(range(Protocol.TCP, 1, 65_535));
            guard("all").ports(all(Protocol.TCP));

            assertThat(judge(tcp(FRIEND, SERVER, 89))).isEqualTo(answer(Reason.OPEN, "ten"));
            assertThat(judge(tcp(FRIEND, SERVER, 90))).isEqualTo(answer(Reason.OPEN, "eleven"));
            assertThat(judge(tcp(FRIEND, SERVER, 91))).isEqualTo(answer(Reason.OPEN, "numbered"));
            assertThat(judge(tcp(FRIEND, SERVER, 0))).isEqualTo(answer(Reason.OPEN, "all"));
        }

        @Test
        void a_resource_matches_by_its_best_address_and_entry() {
            guard("best")
                    .addresses("10.0.0.0/8", "10.20.0.0/16")
                    .ports(PortMatch.EVERYTHING, range(Protocol.TCP, 80, 80));
            guard("middle").addresses("10.20.0.0/16").ports(range(Protocol.TCP, 80, 81));

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "best"));
            assertThat(judge(tcp(FRIEND, SERVER, 81))).isEqualTo(answer(Reason.OPEN, "middle"));
        }

        @Test
        void local_means_the_hosts_own_addresses_with_multicast_and_broadcast() {
            own = List.of(ip(SERVER), ip(SERVER6));
            guard("host").local();

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "host"));
            assertThat(judge(tcp(FRIEND6, SERVER6, 80))).isEqualTo(answer(Reason.OPEN, "host"));
            assertThat(judge(udp(FRIEND, "224.0.0.251", 5353)))
                    .isEqualTo(answer(Reason.OPEN, "host"));
            assertThat(judge(udp(FRIEND, "255.255.255.255", 9)))
                    .isEqualTo(answer(Reason.OPEN, "host"));
            assertThat(judge(tcp(FRIEND, "10.20.0.2", 80))).isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void no_address_means_every_destination() {
            guard("all");

            assertThat(judge(tcp(FRIEND, "192.0.2.77", 80))).isEqualTo(answer(Reason.OPEN, "all"));
            assertThat(judge(tcp(FRIEND6, "2001:db8::77", 80)))
                    .isEqualTo(answer(Reason.OPEN, "all"));
        }

        @Test
        void a_port_of_any_protocol_is_that_of_tcp_udp_and_sctp() {
            guard("dns").ports(range(Protocol.ANY, 53, 53));

            assertThat(judge(tcp(FRIEND, SERVER, 53))).isEqualTo(answer(Reason.OPEN, "dns"));
            assertThat(judge(udp(FRIEND, SERVER, 53))).isEqualTo(answer(Reason.OPEN, "dns"));
            assertThat(judge(ports(ReferencePacket.SCTP, FRIEND, 1, SERVER, 53)))
                    .isEqualTo(answer(Reason.OPEN, "dns"));
            assertThat(judge(ReferencePacket.other("eth0", 136, ip(FRIEND), ip(SERVER))))
                    .isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void icmp_is_that_of_the_packets_family() {
            guard("ping").ports(all(Protocol.ICMP));

            assertThat(judge(ReferencePacket.icmp("eth0", ip(FRIEND), ip(SERVER), 8)))
                    .isEqualTo(answer(Reason.OPEN, "ping"));
            assertThat(judge(icmp6(128))).isEqualTo(answer(Reason.OPEN, "ping"));
            assertThat(judge(ReferencePacket.other("eth0", 58, ip(FRIEND), ip(SERVER))))
                    .isEqualTo(answer(Reason.NO_RESOURCE));
            assertThat(judge(ReferencePacket.other("eth0", 1, ip(FRIEND6), ip(SERVER6))))
                    .isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void a_protocol_without_ports_matches_only_entries_without_ports() {
            guard("numbered").ports(range(Protocol.ANY, 1, 65_535));
            guard("all");

            assertThat(judge(ReferencePacket.other("eth0", 50, ip(FRIEND), ip(SERVER))))
                    .isEqualTo(answer(Reason.OPEN, "all"));
        }
    }

    @Nested
    class Malformed_is_dropped {
        @Test
        void when_a_resource_of_that_address_is_protected() {
            guard("web")
                    .addresses("10.20.0.0/16")
                    .ports(range(Protocol.TCP, 80, 80))
                    .policies("nobody");

            assertThat(judge(malformed(SERVER))).isEqualTo(answer(Reason.MALFORMED));
        }

        @Test
        void and_passes_when_none_is() {
            guard("web").addresses("10.20.0.0/16");
            guard("other").addresses("10.21.0.0/16").policies("nobody");

            assertThat(judge(malformed(SERVER))).isEqualTo(answer(Reason.OPEN));
        }

        @Test
        void and_passes_when_no_resource_has_the_address() {
            guard("web").addresses("10.20.0.0/16").policies("nobody");

            assertThat(judge(malformed("10.21.0.1"))).isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void when_its_address_is_unknown_and_any_resource_of_the_interface_is_protected() {
            guard("web").interfaces("eth0").addresses("10.20.0.0/16").policies("nobody");

            assertThat(judge(new Malformed("eth0", Optional.empty())))
                    .isEqualTo(answer(Reason.MALFORMED));
            assertThat(judge(new Malformed("eth1", Optional.empty())))
                    .isEqualTo(answer(Reason.NO_RESOURCE));
        }
    }

    @Nested
    class Policies_decide {
        @Test
        void open_by_default_without_any() {
            guard("web");

            assertThat(judge(tcp(STRANGER, SERVER, 80))).isEqualTo(answer(Reason.OPEN, "web"));
        }

        @Test
        void a_match_passes_and_names_policy_and_rule() {
            policy("office", "192.0.2.0/24", "203.0.113.0/24", "203.0.113.9");
            guard("web").policies("office");

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(match("web", "office", 1));
        }

        @Test
        void no_match_is_dropped() {
            policy("office", "203.0.113.0/24");
            guard("web").policies("office");

            assertThat(judge(tcp(STRANGER, SERVER, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
        }

        @Test
        void the_first_match_in_the_order_of_association_is_counted() {
            policy("a", "203.0.113.9");
            policy("b", "203.0.113.0/24");
            guard("web").policies("b", "a");

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(match("web", "b", 0));
        }

        @Test
        void any_of_them_is_enough() {
            policy("a", "192.0.2.0/24");
            policy("b", "203.0.113.0/24");
            guard("web").policies("a", "b");

            assertThat(judge(tcp(FRIEND, SERVER, 80))).isEqualTo(match("web", "b", 0));
        }

        @Test
        void a_policy_without_rules_allows_nothing() {
            guard("web").policies("nobody");

            assertThat(judge(tcp(FRIEND, SERVER, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
        }

        @Test
        void the_whole_of_one_family_does_not_open_the_other() {
            policy("world", "0.0.0.0/0");
            guard("web").policies("world");

            assertThat(judge(tcp(STRANGER, SERVER, 80))).isEqualTo(match("web", "world", 0));
            assertThat(judge(tcp(STRANGER6, SERVER6, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
        }

        @Test
        void first_and_last_address_of_a_network_are_in_it_and_their_neighbours_are_not() {
            policy("office", "203.0.113.64/26");
            guard("web").policies("office");

            assertThat(judge(tcp("203.0.113.64", SERVER, 80))).isEqualTo(match("web", "office", 0));
            assertThat(judge(tcp("203.0.113.127", SERVER, 80)))
                    .isEqualTo(match("web", "office", 0));
            assertThat(judge(tcp("203.0.113.63", SERVER, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
            assertThat(judge(tcp("203.0.113.128", SERVER, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
        }

        @Test
        void only_the_governing_resource_is_asked() {
            policy("office", "203.0.113.0/24");
            guard("wide").policies("office");
            guard("narrow").ports(range(Protocol.TCP, 80, 80)).policies("nobody");

            assertThat(judge(tcp(FRIEND, SERVER, 80)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "narrow"));
        }
    }

    @Nested
    class A_fragment_takes_the_verdict_of_its_first {
        @Test
        void the_first_is_judged_like_a_whole_packet() {
            policy("office", "203.0.113.0/24");
            guard("web").ports(range(Protocol.UDP, 53, 53)).policies("office");

            assertThat(judge(udp(FRIEND, SERVER, 53).as(Fragment.FIRST)))
                    .isEqualTo(match("web", "office", 0));
            assertThat(judge(udp(STRANGER, SERVER, 53).as(Fragment.FIRST)))
                    .isEqualTo(answer(Reason.NO_POLICY_MATCH, "web"));
        }

        @Test
        void without_a_first_it_is_dropped_when_its_resource_would_be_protected_for_any_port() {
            guard("web").ports(range(Protocol.UDP, 65_535, 65_535)).policies("nobody");
            guard("all");

            assertThat(judge(udp(FRIEND, SERVER, 53).as(Fragment.LATER)))
                    .isEqualTo(answer(Reason.FRAGMENT));
        }

        @Test
        void without_a_first_it_passes_when_no_port_would_be_protected() {
            guard("tcp").ports(all(Protocol.TCP)).policies("nobody");
            guard("udp").ports(all(Protocol.UDP));
            guard("covered").ports(range(Protocol.ANY, 53, 53)).policies("nobody");

            assertThat(judge(udp(FRIEND, SERVER, 53).as(Fragment.LATER)))
                    .isEqualTo(answer(Reason.OPEN));
        }

        @Test
        void of_a_protocol_that_no_resource_has_it_is_not_ours() {
            guard("tcp").ports(all(Protocol.TCP)).policies("nobody");

            assertThat(judge(udp(FRIEND, SERVER, 53).as(Fragment.LATER)))
                    .isEqualTo(answer(Reason.NO_RESOURCE));
        }

        @Test
        void a_failsafe_entry_without_port_passes_it_and_one_with_port_does_not() {
            guard("all").policies("nobody");
            failsafe.add(new Failsafe(range(Protocol.UDP, 53, 53), List.of()));
            failsafe.add(new Failsafe(all(Protocol.TCP), List.of()));

            assertThat(judge(tcp(FRIEND, SERVER, 53).as(Fragment.LATER)))
                    .isEqualTo(answer(Reason.FAILSAFE));
            assertThat(judge(udp(FRIEND, SERVER, 53).as(Fragment.LATER)))
                    .isEqualTo(answer(Reason.FRAGMENT));
        }
    }

    private Answer judge(ReferencePacket packet) {
        policies.putIfAbsent("nobody", Policy.of("nobody", PolicyType.IP, List.of()));
        return ReferenceModel.judge(
                new DesiredState(policies, resources),
                failsafe,
                Environment.of(HostAddresses.of(own)),
                packet);
    }

    private void policy(String name, String... sources) {
        List<Rule> rules =
                Stream.of(sources).map(source -> Rule.allow(source, prefix(source))).toList();
        policies.put(name, Policy.of(name, PolicyType.IP, rules));
    }

    private Guard guard(String name) {
        Resource resource =
                Resource.of(
                        name,
                        LocalAddresses.EVERY,
                        List.of(PortMatch.EVERYTHING),
                        Set.of(),
                        List.of());
        return new Guard(resource);
    }

    /** A resource that is narrowed step by step. */
    private final class Guard {
        private Resource resource;

        Guard(Resource resource) {
            set(resource);
        }

        private Guard set(Resource changed) {
            resource = changed;
            resources.put(resource.name(), resource);
            return this;
        }

        Guard addresses(String... texts) {
            return addresses(
                    new LocalAddresses(
                            Set.copyOf(Stream.of(texts).map(t -> prefix(t)).toList()), false));
        }

        Guard local() {
            return addresses(new LocalAddresses(Set.of(), true));
        }

        private Guard addresses(LocalAddresses addresses) {
            return set(
                    Resource.of(
                            resource.name(),
                            addresses,
                            resource.ports(),
                            resource.interfaces(),
                            resource.policies()));
        }

        Guard ports(PortMatch... entries) {
            return set(
                    Resource.of(
                            resource.name(),
                            resource.addresses(),
                            List.of(entries),
                            resource.interfaces(),
                            resource.policies()));
        }

        Guard interfaces(String... names) {
            return set(
                    Resource.of(
                            resource.name(),
                            resource.addresses(),
                            resource.ports(),
                            Set.of(names),
                            resource.policies()));
        }

        Guard policies(String... names) {
            return set(
                    Resource.of(
                            resource.name(),
                            resource.addresses(),
                            resource.ports(),
                            resource.interfaces(),
                            List.of(names)));
        }
    }

    private static PortMatch all(Protocol protocol) {
        return new PortMatch(protocol, Optional.empty());
    }

    private static PortMatch range(Protocol protocol, int first, int last) {
        return new PortMatch(protocol, Optional.of(new PortRange(first, last)));
    }

    private static Prefix prefix(String text) {
        return PrefixText.parse(text).prefix();
    }

    private static Address ip(String text) {
        return Address.parse(text);
    }

    private static Ip tcp(String from, String to, int port) {
        return ports(ReferencePacket.TCP, from, 40_000, to, port);
    }

    private static Ip udp(String from, String to, int port) {
        return udp(from, 40_000, to, port);
    }

    private static Ip udp(String from, int fromPort, String to, int port) {
        return ports(ReferencePacket.UDP, from, fromPort, to, port);
    }

    private static Ip ports(int protocol, String from, int fromPort, String to, int port) {
        return ReferencePacket.withPorts(
                "eth0", protocol, ip(from), ip(to), new Ports(fromPort, port));
    }

    private static Ip icmp6(int type) {
        return ReferencePacket.icmp("eth0", ip(STRANGER6), ip(SERVER6), type);
    }

    private static Malformed malformed(String destination) {
        return new Malformed("eth0", Optional.of(ip(destination)));
    }

    private static Answer answer(Reason reason) {
        return answer(reason, "");
    }

    private static Answer answer(Reason reason, String resource) {
        return new Answer(
                new Decision(resource, "", Direction.INGRESS, reason, false), OptionalInt.empty());
    }

    private static Answer match(String resource, String policy, int rule) {
        return new Answer(
                new Decision(resource, policy, Direction.INGRESS, Reason.POLICY_MATCH, false),
                OptionalInt.of(rule));
    }
}

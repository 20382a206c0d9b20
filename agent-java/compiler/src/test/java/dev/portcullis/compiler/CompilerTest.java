// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.Family;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ip;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompilerTest {
    private static final HostAddresses HOST = HostAddresses.of(Set.of(Address.parse("10.0.0.1")));
    private static final Address INSIDE = Address.parse("203.0.113.9");
    private static final Address OUTSIDE = Address.parse("198.51.100.9");
    private static final Address SERVER = Address.parse("10.0.0.1");

    private final Map<String, Policy> policies = new LinkedHashMap<>();
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final List<Failsafe> failsafes = new ArrayList<>();

    @Test
    void no_resource_matches_the_destination_so_the_packet_passes() {
        resource("web", LocalAddresses.EVERY, List.of(tcp(80)), "office");
        policy("office", "203.0.113.0/24");

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 81);

        assertThat(decision.reason()).isEqualTo(Reason.NO_RESOURCE);
    }

    @Test
    void open_by_default_no_policy_is_associated() {
        resource("web", LocalAddresses.EVERY, List.of(tcp(80)));

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 80);

        assertThat(decision.reason()).isEqualTo(Reason.OPEN);
    }

    @Test
    void a_private_endpoint_by_name_is_compiled_as_by_its_link_identifier() {
        PrivateEndpoint link = PrivateEndpoint.azure(7);
        Peers.AzureEndpoint name = new Peers.AzureEndpoint("demo", "7c0f05e4");
        Environment words = Environment.of(HOST).withEndpoints(Map.of(name, link));

        Image byName = compiled(name, words);

        assertThat(byName.endpoints()).containsOnlyKeys(link);
        assertThat(byName.endpoints())
                .isEqualTo(compiled(new Peers.Endpoint(link), words).endpoints());
        assertThat(byName.proxies()).isEqualTo(compiled(new Peers.Endpoint(link), words).proxies());
        assertThat(compiled(name, Environment.of(HOST)).endpoints()).isEmpty();
    }

    private static Image compiled(Peers endpoint, Environment words) {
        Policy policy =
                Policy.of(
                        "azure",
                        PolicyType.AZURE_PRIVATE_ENDPOINT,
                        List.of(Rule.allow("demo", endpoint)));
        Resource resource =
                Resource.of(
                                "web",
                                LocalAddresses.EVERY,
                                List.of(tcp(80)),
                                Set.of(),
                                List.of("azure"))
                        .withBalancers(Set.of(Prefix.of(INSIDE)));
        return Compiler.compile(
                new DesiredState(Map.of("azure", policy), Map.of("web", resource)),
                List.of(),
                words,
                DecisionIds.none());
    }

    @Test
    void a_policy_with_no_rules_allows_nothing() {
        policy("nobody");
        resource("web", LocalAddresses.EVERY, List.of(tcp(80)), "nobody");

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 80);

        assertThat(decision.reason()).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void the_first_match_in_association_order_is_the_one_that_is_counted() {
        policy("all", "0.0.0.0/0");
        policy("office", "203.0.113.0/24");
        resource("web", LocalAddresses.EVERY, List.of(tcp(80)), "office", "all");

        Decision inside = judge(INSIDE, SERVER, PortTable.TCP + 80);
        Decision outside = judge(OUTSIDE, SERVER, PortTable.TCP + 80);

        assertThat(inside.policy()).isEqualTo("office");
        assertThat(outside.policy()).isEqualTo("all");
    }

    @Test
    void failsafe_passes_before_any_resource_is_looked_at() {
        policy("nobody");
        resource("host", LocalAddresses.EVERY, List.of(PortMatch.EVERYTHING), "nobody");
        failsafes.add(new Failsafe(tcp(22), List.of()));

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 22);

        assertThat(decision.reason()).isEqualTo(Reason.FAILSAFE);
    }

    @Test
    void failsafe_narrowed_to_peers_passes_those_and_judges_the_others() {
        policy("nobody");
        resource("host", LocalAddresses.EVERY, List.of(PortMatch.EVERYTHING), "nobody");
        failsafes.add(new Failsafe(tcp(22), List.of(Prefix.of(INSIDE, 24))));

        Decision inside = judge(INSIDE, SERVER, PortTable.TCP + 22);
        Decision outside = judge(OUTSIDE, SERVER, PortTable.TCP + 22);
        Decision otherPort = judge(INSIDE, SERVER, PortTable.TCP + 23);

        assertThat(inside.reason()).isEqualTo(Reason.FAILSAFE);
        assertThat(outside.reason()).isEqualTo(Reason.NO_POLICY_MATCH);
        assertThat(otherPort.reason()).isEqualTo(Reason.NO_POLICY_MATCH);
    }

    @Test
    void longest_local_prefix_first_even_if_the_other_names_a_port() {
        resource("net", local("10.0.0.0/8"), List.of(tcp(80)));
        resource("machine", local("10.0.0.1/32"), List.of(PortMatch.EVERYTHING));

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 80);

        assertThat(decision.resource()).isEqualTo("machine");
    }

    @Test
    void a_shorter_local_prefix_governs_the_ports_that_the_longer_one_does_not_name() {
        resource("net", local("10.0.0.0/8"), List.of(PortMatch.EVERYTHING));
        resource("machine", local("10.0.0.1/32"), List.of(tcp(80)));

        Decision decision = judge(OUTSIDE, SERVER, PortTable.TCP + 81);

        assertThat(decision.resource()).isEqualTo("net");
    }

    @Test
    void a_named_protocol_comes_before_any_and_then_the_narrowest_port_range() {
        resource("any", LocalAddresses.EVERY, List.of(new PortMatch(Protocol.ANY, range(80, 80))));
        resource("wide", LocalAddresses.EVERY, List.of(new PortMatch(Protocol.TCP, range(80, 90))));
        resource(
                "narrow",
                LocalAddresses.EVERY,
                List.of(new PortMatch(Protocol.TCP, range(80, 85))));

        assertThat(judge(OUTSIDE, SERVER, PortTable.UDP + 80).resource()).isEqualTo("any");
        assertThat(judge(OUTSIDE, SERVER, PortTable.TCP + 80).resource()).isEqualTo("narrow");
        assertThat(judge(OUTSIDE, SERVER, PortTable.TCP + 86).resource()).isEqualTo("wide");
    }

    @Test
    void the_word_local_means_the_hosts_own_addresses() {
        resource("host", new LocalAddresses(Set.of(), true), List.of(PortMatch.EVERYTHING));

        Decision own = judge(OUTSIDE, SERVER, PortTable.OTHER + 47);
        Decision other = judge(OUTSIDE, Address.parse("10.0.0.2"), PortTable.OTHER + 47);

        assertThat(own.resource()).isEqualTo("host");
        assertThat(other.reason()).isEqualTo(Reason.NO_RESOURCE);
    }

    @Test
    void policies_that_no_resource_associates_take_no_room() {
        policy("unused", "203.0.113.0/24");

        assertThat(image().prefixes()).isZero();
    }

    @Test
    void the_result_does_not_depend_on_the_order_of_pushes() {
        policy("office", "203.0.113.0/24", "10.0.0.0/8");
        policy("all", "0.0.0.0/0");
        resource("web", LocalAddresses.EVERY, List.of(tcp(80)), "office", "all");
        resource("db", LocalAddresses.EVERY, List.of(tcp(5432)), "office");
        String one = describe(image());
        Policy office = policies.remove("office");
        policies.put("office", office);
        Resource web = resources.remove("web");
        resources.put("web", web);

        String other = describe(image());

        assertThat(other).isEqualTo(one);
    }

    @Test
    void more_combinations_than_the_tables_hold_are_refused() {
        for (int i = 0; i < 4_200; i++) {
            Prefix address = Prefix.of(new Address(Family.IPV4, 0, i));
            resource("r" + i, new LocalAddresses(Set.of(address), false), List.of(tcp(2 * i + 1)));
        }

        assertThatThrownBy(this::image)
                .isInstanceOf(CompileException.class)
                .hasMessageContaining("use fewer resources, or give them the same ports");
    }

    private static String describe(Image image) {
        return image.cells()
                + " "
                + image.rows()
                + " "
                + image.verdicts()
                + " "
                + image.decisions().byNumber();
    }

    private void policy(String name, String... sources) {
        List<Rule> rules = new ArrayList<>();
        for (String source : sources) {
            rules.add(Rule.allow(source, prefix(source)));
        }
        policies.put(name, Policy.of(name, PolicyType.IP, rules));
    }

    private static Prefix prefix(String cidr) {
        String[] parts = cidr.split("/");
        return new Prefix(Address.parse(parts[0]), Integer.parseInt(parts[1]));
    }

    private static LocalAddresses local(String cidr) {
        return new LocalAddresses(Set.of(prefix(cidr)), false);
    }

    private static PortMatch tcp(int port) {
        return new PortMatch(Protocol.TCP, range(port, port));
    }

    private static Optional<PortRange> range(int first, int last) {
        return Optional.of(new PortRange(first, last));
    }

    private void resource(
            String name, LocalAddresses addresses, List<PortMatch> ports, String... associated) {
        resources.put(name, Resource.of(name, addresses, ports, Set.of(), List.of(associated)));
    }

    private Image image() {
        return Compiler.compile(
                new DesiredState(policies, resources),
                failsafes,
                Environment.of(HOST),
                DecisionIds.none());
    }

    private Decision judge(Address from, Address to, int portEntry) {
        return new ImageJudge(image()).judge(packet(from, to, portEntry), Map.of());
    }

    private static Ip packet(Address from, Address to, int portEntry) {
        if (portEntry < PortTable.TCP) {
            return ReferencePacket.other("eth0", portEntry, from, to);
        }
        boolean tcp = portEntry < PortTable.UDP;
        int port = portEntry - (tcp ? PortTable.TCP : PortTable.UDP);
        int protocol = tcp ? ReferencePacket.TCP : ReferencePacket.UDP;
        return ReferencePacket.withPorts("eth0", protocol, from, to, new Ports(40_000, port));
    }
}

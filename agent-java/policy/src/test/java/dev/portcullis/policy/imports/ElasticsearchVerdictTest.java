// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.Verdict;
import dev.portcullis.policy.reference.ReferenceModel;
import dev.portcullis.policy.reference.ReferencePacket;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is imported judges as Elasticsearch does, sentence by sentence. */
class ElasticsearchVerdictTest {
    private static final String OWN = "10.9.0.1";
    private static final HostAddresses HOST = HostAddresses.of(List.of(Address.parse(OWN)));
    private static final Map<String, Integer> PORTS =
            Map.of("transport", 9300, "http", 9200, "remote_cluster", 9443, "client", 9500);

    /** DNS as the cases have it; all other addresses have no name. */
    private static final Map<String, String> REVERSE =
            Map.of("198.51.100.8", "dns.google.com", "198.51.100.9", "node7.example.org");

    record Case(String sentence, String settings, String at, String source, Verdict verdict) {
        @Override
        public String toString() {
            return sentence + " (" + at + " from " + source + ")";
        }
    }

    static Stream<Case> cases() {
        String transport = "xpack.security.transport.filter.";
        String http = "xpack.security.http.filter.";
        String remote = "xpack.security.remote_cluster.filter.";
        String byDefault = "transport.profiles.default.xpack.security.filter.";
        String client = "transport.profiles.client.xpack.security.filter.";
        String both = transport + "allow: 10.0.0.1\n" + transport + "deny: _all\n";
        return Stream.of(
                pass(
                        "allow alone denies nobody",
                        transport + "allow: 10.0.0.1",
                        "transport",
                        "10.0.0.2"),
                pass("no list denies nobody", "", "transport", "10.0.0.2"),
                drop("deny: _all denies all that is not allowed", both, "transport", "10.0.0.2"),
                pass("every allow rule comes first", both, "transport", "10.0.0.1"),
                pass(
                        "prefix length has no part in it",
                        transport + "allow: 10.0.0.0/8\n" + transport + "deny: 10.0.0.1",
                        "transport",
                        "10.0.0.1"),
                drop(
                        "deny rules come after those that allow",
                        transport + "allow: 10.0.0.1\n" + transport + "deny: 10.0.0.0/8",
                        "transport",
                        "10.0.0.2"),
                pass("else allowed", transport + "deny: 10.0.0.0/8", "transport", "192.0.2.1"),
                pass(
                        "the node's own bound addresses are always allowed",
                        transport + "deny: _all",
                        "transport",
                        OWN),
                pass(
                        "localhost means every local address",
                        transport + "allow: localhost\n" + transport + "deny: _all",
                        "transport",
                        OWN),
                drop(
                        "no rule matches across families",
                        transport + "allow: 0.0.0.0/0\n" + transport + "deny: _all",
                        "transport",
                        "2001:db8::9"),
                drop(
                        "a pattern is matched against the peer's reverse name",
                        transport + "deny: '*.google.com'",
                        "transport",
                        "198.51.100.8"),
                pass(
                        "a pattern does not match other names",
                        transport + "deny: '*.google.com'",
                        "transport",
                        "198.51.100.9"),
                // Setting by setting.
                drop("http falls back to transport", both, "http", "10.0.0.2"),
                pass("http falls back to transport", both, "http", "10.0.0.1"),
                drop(
                        "http has its own allow and transport's deny",
                        both + http + "allow: 10.0.0.7",
                        "http",
                        "10.0.0.1"),
                pass(
                        "http has its own allow and transport's deny",
                        both + http + "allow: 10.0.0.7",
                        "http",
                        "10.0.0.7"),
                pass(
                        "http has its own deny and transport's allow",
                        both + http + "deny: 192.0.2.0/24",
                        "http",
                        "10.0.0.2"),
                drop(
                        "http has its own deny and transport's allow",
                        both + http + "deny: 192.0.2.0/24",
                        "http",
                        "192.0.2.1"),
                pass(
                        "http falls back to the default profile first",
                        both + byDefault + "allow: 10.0.0.3",
                        "http",
                        "10.0.0.3"),
                drop(
                        "http falls back to the default profile first",
                        both + byDefault + "allow: 10.0.0.3",
                        "http",
                        "10.0.0.1"),
                drop(
                        "what the default profile does not have is transport's",
                        both + byDefault + "allow: 10.0.0.3",
                        "http",
                        "10.0.0.2"),
                drop(
                        "transport does not use the default profile's lists",
                        both + byDefault + "allow: 10.0.0.3",
                        "transport",
                        "10.0.0.3"),
                drop(
                        "remote_cluster does not use the default profile's lists",
                        both + byDefault + "allow: 10.0.0.3",
                        "remote_cluster",
                        "10.0.0.3"),
                drop("remote_cluster falls back to transport", both, "remote_cluster", "10.0.0.2"),
                pass("remote_cluster falls back to transport", both, "remote_cluster", "10.0.0.1"),
                pass(
                        "remote_cluster has its own lists",
                        both + remote + "allow: 192.168.1.0/24\n",
                        "remote_cluster",
                        "192.168.1.9"),
                drop(
                        "remote_cluster does not use http's lists",
                        both + http + "allow: 10.0.0.7",
                        "remote_cluster",
                        "10.0.0.7"),
                pass("named profiles fall back to nothing", both, "client", "10.0.0.2"),
                drop(
                        "a named profile has its own lists",
                        client + "allow: 10.0.0.8\n" + client + "deny: _all",
                        "client",
                        "10.0.0.1"),
                // Written, but empty.
                drop(
                        "an empty allow list of http is not transport's",
                        both + http + "allow: []",
                        "http",
                        "10.0.0.1"),
                pass(
                        "an empty deny list of http is not transport's",
                        both + http + "deny: []",
                        "http",
                        "10.0.0.2"),
                pass(
                        "an empty text is no list, so transport's is used",
                        both + http + "allow: ''",
                        "http",
                        "10.0.0.1"),
                drop(
                        "an empty list of the default profile is not transport's",
                        both + byDefault + "allow: []",
                        "http",
                        "10.0.0.1"),
                drop(
                        "and its other list still is",
                        both + byDefault + "allow: []",
                        "http",
                        "10.0.0.2"),
                // Switched on and off.
                pass(
                        "enabled: false lets everybody in",
                        both + transport + "enabled: false",
                        "transport",
                        "10.0.0.2"),
                drop(
                        "http is switched for itself, and still uses transport's lists",
                        both + transport + "enabled: false",
                        "http",
                        "10.0.0.2"),
                pass(
                        "http is switched for itself",
                        both + http + "enabled: false",
                        "http",
                        "10.0.0.2"),
                drop(
                        "http's switch is not transport's",
                        both + http + "enabled: false",
                        "transport",
                        "10.0.0.2"),
                pass(
                        "remote_cluster is switched off with transport",
                        both + transport + "enabled: false",
                        "remote_cluster",
                        "10.0.0.2"),
                pass(
                        "profiles are switched off with transport",
                        client + "deny: _all\n" + transport + "enabled: false",
                        "client",
                        "10.0.0.2"),
                pass(
                        "without security there is no IP filter",
                        both + "xpack.security.enabled: false",
                        "http",
                        "10.0.0.2"));
    }

    private static Case pass(String sentence, String settings, String at, String source) {
        return new Case(sentence, settings, at, source, Verdict.PASS);
    }

    private static Case drop(String sentence, String settings, String at, String source) {
        return new Case(sentence, settings, at, source, Verdict.DROP);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_import_judges_as_elasticsearch_does(Case each) {
        Imported imported =
                Imports.elasticsearch(each.settings + "\ntransport.profiles.client.port: 9500\n");
        Address source = Address.parse(each.source);
        String own = each.source.contains(":") ? "2001:db8::1" : OWN;
        ReferencePacket packet =
                ReferencePacket.withPorts(
                        "eth0",
                        ReferencePacket.TCP,
                        source,
                        Address.parse(own),
                        new Ports(40_000, PORTS.get(each.at)));
        Set<String> names =
                Optional.ofNullable(REVERSE.get(each.source)).map(Set::of).orElse(Set.of());
        HostAddresses host =
                own.equals(OWN)
                        ? HOST
                        : HostAddresses.of(List.of(Address.parse(OWN), Address.parse(own)));
        Environment environment =
                new Environment(
                        host, Map.of(), new Names(Map.of(), Map.of(source, Optional.of(names))));

        Verdict verdict =
                ReferenceModel.judge(Imports.accepted(imported), List.of(), environment, packet)
                        .decision()
                        .verdict();

        assertThat(verdict).isEqualTo(each.verdict);
    }
}

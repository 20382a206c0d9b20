// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.LocalAddresses;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.model.RemotePorts;
import dev.portcullis.policy.model.Resource;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.testing.Scenario;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The host that the packet suite sends to, with an address of each family for each way in which a
 * resource can stand to a packet. Its failsafe list lets TCP port 22 in.
 *
 * <table>
 * <tr><td>web</td><td>TCP 9200, UDP 53, SCTP 9899 and ICMP, for the office; the rest is nobody's
 * </td></tr>
 * <tr><td>vault</td><td>everything, also multicast and broadcast, for the office; it may reach the
 * office, and HTTPS and a DNS server outside</td></tr>
 * <tr><td>open</td><td>everything, with no policy</td></tr>
 * <tr><td>audit</td><td>as the vault, in audit mode</td></tr>
 * <tr><td>watched</td><td>everything, with a blocklist only</td></tr>
 * <tr><td>reset</td><td>TCP 9200 for the office, the others are answered with RST</td></tr>
 * <tr><td>both</td><td>everything, for the office, with a blocklist that has one of the office
 * </td></tr>
 * <tr><td>nobody</td><td>selected by no resource</td></tr>
 * </table>
 */
final class SuiteHost {
    static final String WEB4 = "10.0.0.1";
    static final String WEB6 = "2001:db8::1";
    static final String VAULT4 = "10.0.0.2";
    static final String VAULT6 = "2001:db8::2";
    static final String OPEN4 = "10.0.0.3";
    static final String OPEN6 = "2001:db8::3";
    static final String AUDIT4 = "10.0.0.4";
    static final String AUDIT6 = "2001:db8::4";
    static final String WATCHED4 = "10.0.0.5";
    static final String WATCHED6 = "2001:db8::5";
    static final String RESET4 = "10.0.0.6";
    static final String RESET6 = "2001:db8::6";
    static final String BOTH4 = "10.0.0.7";
    static final String BOTH6 = "2001:db8::7";
    static final String NOBODY4 = "10.0.0.9";
    static final String NOBODY6 = "2001:db8::9";

    static final String OFFICE4 = "203.0.113.7";
    static final String OFFICE6 = "2001:db8:f::7";
    static final String STRANGER4 = "198.51.100.7";
    static final String STRANGER6 = "2001:db8:bad::7";
    static final String RESOLVER4 = "198.51.100.53";
    static final String RESOLVER6 = "2001:db8:bad::53";

    /** In the blocklist, and no one of the office. */
    static final String THREAT4 = "192.0.2.66";

    static final String THREAT6 = "2001:db8:dead::66";

    /** In the blocklist, and one of the office. */
    static final String LOST4 = "203.0.113.66";

    static final String LOST6 = "2001:db8:f::66";

    static final int WEB = 9200;
    static final int DNS = 53;
    static final int SIGNALLING = 9899;
    static final int SSH = 22;
    static final int HTTPS = 443;

    private static final List<PortMatch> EVERYTHING = List.of(PortMatch.EVERYTHING);

    static final Scenario SCENARIO =
            new Scenario(
                    0,
                    new DesiredState(policies(), resources()),
                    List.of(new Failsafe(port(Protocol.TCP, SSH), List.of())),
                    Environment.of(HostAddresses.of(List.of())),
                    List.of("lo"),
                    List.of());

    private SuiteHost() {}

    private static Map<String, Policy> policies() {
        Policy office = States.ip("office", "203.0.113.0/24", "2001:db8:f::/48");
        Policy threats =
                States.blocklist(
                        "threats",
                        THREAT4 + "/32",
                        THREAT6 + "/128",
                        LOST4 + "/32",
                        LOST6 + "/128");
        Policy out =
                Policy.of(
                        "out",
                        PolicyType.EGRESS_FIREWALL,
                        List.of(
                                target("203.0.113.0/24", RemotePorts.ANY),
                                target("2001:db8:f::/48", RemotePorts.ANY),
                                target("0.0.0.0/0", remote(Protocol.TCP, HTTPS)),
                                target("::/0", remote(Protocol.TCP, HTTPS)),
                                target(RESOLVER4 + "/32", remote(Protocol.UDP, DNS)),
                                target(RESOLVER6 + "/128", remote(Protocol.UDP, DNS))));
        return Stream.of(office, threats, out).collect(Collectors.toMap(Policy::name, p -> p));
    }

    private static Rule target(String prefix, RemotePorts ports) {
        return new Rule(prefix, States.prefix(prefix), ports, Rule.Action.ALLOW, "");
    }

    private static RemotePorts remote(Protocol protocol, int port) {
        return new RemotePorts(protocol, List.of(new PortRange(port, port)));
    }

    private static Map<String, Resource> resources() {
        List<PortMatch> services =
                List.of(
                        port(Protocol.TCP, WEB),
                        port(Protocol.UDP, DNS),
                        port(Protocol.SCTP, SIGNALLING),
                        new PortMatch(Protocol.ICMP, Optional.empty()));
        List<PortMatch> web = List.of(port(Protocol.TCP, WEB));
        LocalAddresses vault =
                at(
                        VAULT4 + "/32",
                        VAULT6 + "/128",
                        "fe80::2/128",
                        "224.0.0.0/4",
                        "255.255.255.255/32",
                        "ff00::/8");
        return Stream.of(
                        resource("web", at(WEB4, WEB6), services, Enforcement.DROP, "office"),
                        resource("vault", vault, EVERYTHING, Enforcement.DROP, "office", "out"),
                        resource("open", at(OPEN4, OPEN6), EVERYTHING, Enforcement.DROP),
                        resource(
                                "audit",
                                at(AUDIT4, AUDIT6),
                                EVERYTHING,
                                Enforcement.AUDIT,
                                "office",
                                "out"),
                        resource(
                                "watched",
                                at(WATCHED4, WATCHED6),
                                EVERYTHING,
                                Enforcement.DROP,
                                "threats"),
                        resource("reset", at(RESET4, RESET6), web, Enforcement.RESET, "office"),
                        resource(
                                "both",
                                at(BOTH4, BOTH6),
                                EVERYTHING,
                                Enforcement.DROP,
                                "threats",
                                "office"))
                .collect(Collectors.toMap(Resource::name, r -> r));
    }

    private static PortMatch port(Protocol protocol, int port) {
        return new PortMatch(protocol, Optional.of(new PortRange(port, port)));
    }

    /** An address alone is a prefix of its own. */
    private static LocalAddresses at(String... addresses) {
        return new LocalAddresses(
                Arrays.stream(addresses)
                        .map(a -> a.contains("/") ? a : a + (a.contains(":") ? "/128" : "/32"))
                        .map(States::prefix)
                        .collect(Collectors.toSet()),
                false);
    }

    private static Resource resource(
            String name,
            LocalAddresses addresses,
            List<PortMatch> ports,
            Enforcement enforcement,
            String... policies) {
        return new Resource(
                name,
                addresses,
                ports,
                Set.of(),
                List.of(policies),
                enforcement,
                Resource.REMOTE_CLUSTER_PORT,
                "",
                "");
    }
}

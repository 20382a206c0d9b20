// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.policy.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.file.DocumentReader;
import dev.portcullis.policy.file.OfflineCheck;
import dev.portcullis.policy.file.SourceText;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.Failsafe;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Names;
import dev.portcullis.policy.model.PortMatch;
import dev.portcullis.policy.model.PortRange;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.Protocol;
import dev.portcullis.policy.reference.ReferencePacket.Ports;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every policy type from its file to verdicts. A case is a sentence, the policies of a resource, a
 * source, a port, and what becomes of the packet.
 *
 * <p>The resource is at 10.20.0.1 and 2001:db8::1, which are the host's own; db1.example.org is
 * 10.9.0.1; 10.9.0.2 is known as db2.example.org, 10.9.0.3 to have no name; DNS did not answer for
 * 10.9.0.4; the set {@code feed} holds 10.66.0.0/16.
 */
class PolicyTypesTest {
    private static final String RESOURCE =
            """
            apiVersion: portcullis.dev/v1
            kind: Resource
            metadata: {name: es}
            spec: {addresses: [10.20.0.1, "2001:db8::1"], policies: [POLICIES]}
            ---
            apiVersion: portcullis.dev/v1
            kind: AddressSet
            metadata: {name: feed}
            spec: {file: /feed.txt}
            """;

    private static final Environment ENVIRONMENT =
            new Environment(
                    HostAddresses.of(Set.of(ip("10.20.0.1"), ip("2001:db8::1"), ip("10.20.0.9"))),
                    Map.of("feed", new TreeSet<>(Set.of(Prefix.of(ip("10.66.0.0"), 16)))),
                    new Names(
                            Map.of("db1.example.org", Set.of(ip("10.9.0.1"))),
                            Map.of(
                                    ip("10.9.0.2"), Optional.of(Set.of("db2.example.org")),
                                    ip("10.9.0.3"), Optional.of(Set.of()),
                                    ip("10.9.0.4"), Optional.empty())));

    @ParameterizedTest(name = "{0}: {1} lets {2} to {3}: {4}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a rule matches when the source is inside | ip 10.0.0.0/8 | 10.1.2.3 | 9200 | policy_match
                    a rule does not match outside | ip 10.0.0.0/8 | 11.0.0.1 | 9200 | no_policy_match
                    0.0.0.0/0 is legal and IPv4 alone | ip 0.0.0.0/0 | 2001:db8:9::1 | 9200 | no_policy_match
                    ::/0 is legal and IPv6 alone | ip ::/0 | 2001:db8:9::1 | 9200 | policy_match
                    IPv4-mapped text means the IPv4 address | ip ::ffff:10.0.0.1 | 10.0.0.1 | 9200 | policy_match
                    a CIDR with host bits means its network | ip 192.168.132.6/22 | 192.168.135.9 | 9200 | policy_match
                    an allowing policy without rules allows nothing | ip | 10.0.0.1 | 9200 | no_policy_match
                    open until the first association | | 10.0.0.1 | 9200 | open
                    any associated policy matches | ip 10.0.0.1; ip 10.0.0.2 | 10.0.0.2 | 9200 | policy_match
                    a rule may name a set | ip set feed | 10.66.1.1 | 9200 | policy_match
                    what the set does not hold is not in | ip set feed | 10.67.1.1 | 9200 | no_policy_match
                    remote_cluster matches on its port | remote_cluster 10.0.0.0/8 | 10.1.1.1 | 9443 | policy_match
                    remote_cluster matches on no other port | remote_cluster 10.0.0.0/8 | 10.1.1.1 | 9200 | no_policy_match
                    remote_cluster matches no source outside | remote_cluster 10.0.0.0/8 | 11.1.1.1 | 9443 | no_policy_match
                    another policy opens the other ports | remote_cluster 10.0.0.0/8; ip 11.0.0.0/8 | 11.1.1.1 | 9200 | policy_match
                    a blocklist denies what it holds | blocklist 10.0.0.1 | 10.0.0.1 | 9200 | blocklist
                    a blocklist alone leaves the resource open | blocklist 10.0.0.1 | 10.0.0.2 | 9200 | open
                    whatever else allows it | ip 10.0.0.0/8; blocklist 10.0.0.1 | 10.0.0.1 | 9200 | blocklist
                    also _all | allow _all; blocklist 10.0.0.1 | 10.0.0.1 | 9200 | blocklist
                    a blocklist may name a set | ip 10.0.0.0/8; blocklist set feed | 10.66.0.1 | 9200 | blocklist
                    failsafe comes before the blocklist | blocklist 10.0.0.1 | 10.0.0.1 | 22 | failsafe
                    failsafe comes before no match | ip | 10.0.0.1 | 22 | failsafe
                    allow alone denies nobody | allow 10.0.0.1 | 11.0.0.1 | 9200 | policy_match
                    deny denies what it holds | deny 10.0.0.1 | 10.0.0.1 | 9200 | no_policy_match
                    deny alone allows the others | deny 10.0.0.1 | 10.0.0.2 | 9200 | policy_match
                    deny _all denies all that is not allowed | allow 10.0.0.1, deny _all | 10.0.0.2 | 9200 | no_policy_match
                    deny _all leaves what is allowed | allow 10.0.0.1, deny _all | 10.0.0.1 | 9200 | policy_match
                    prefix length has no part in it | allow 10.0.0.0/8, deny 10.0.0.1 | 10.0.0.1 | 9200 | policy_match
                    nor the other way round | allow 10.0.0.1, deny 10.0.0.0/8 | 10.0.0.2 | 9200 | no_policy_match
                    the bound addresses are always allowed | deny _all | 10.20.0.1 | 9200 | policy_match
                    own addresses that are not bound are not | deny _all | 10.20.0.9 | 9200 | no_policy_match
                    localhost means every local address | allow localhost, deny _all | 10.20.0.9 | 9200 | policy_match
                    localhost means loopback | allow localhost, deny _all | 127.0.0.9 | 9200 | policy_match
                    localhost means IPv6 loopback | allow localhost, deny _all | ::1 | 9200 | policy_match
                    _all is of both families | allow _all, deny 10.0.0.1 | 2001:db8:9::1 | 9200 | policy_match
                    no rule matches across families | allow 0.0.0.0/0, deny _all | 2001:db8:9::1 | 9200 | no_policy_match
                    nor in deny | deny ::/0 | 10.0.0.1 | 9200 | policy_match
                    a filter that is off allows all | off deny _all | 10.0.0.1 | 9200 | policy_match
                    as one policy among several it matches what it allows | ip 10.0.0.1; allow 10.0.0.2, deny _all | 10.0.0.2 | 9200 | policy_match
                    and only that | ip 10.0.0.1; allow 10.0.0.2, deny _all | 10.0.0.3 | 9200 | no_policy_match
                    an exact name is resolved | allow db1.example.org, deny _all | 10.9.0.1 | 9200 | policy_match
                    an exact name in deny | deny db1.example.org | 10.9.0.1 | 9200 | no_policy_match
                    names have no letter case | allow DB1.Example.Org., deny _all | 10.9.0.1 | 9200 | policy_match
                    a pattern matches the confirmed name | allow *.example.org, deny _all | 10.9.0.2 | 9200 | policy_match
                    ? stands for one character | allow db?.example.org, deny _all | 10.9.0.2 | 9200 | policy_match
                    another pattern does not match | allow *.example.net, deny _all | 10.9.0.2 | 9200 | no_policy_match
                    an address without a name matches no pattern | allow *, deny _all | 10.9.0.3 | 9200 | no_policy_match
                    an address not yet known waits | allow *.example.org, deny _all | 10.9.0.9 | 9200 | name_pending
                    also for a pattern of a deny list | deny *.example.org | 10.9.0.9 | 9200 | name_pending
                    it does not wait where the name does not matter | allow *.example.org | 10.9.0.9 | 9200 | policy_match
                    nor where it is allowed by address | allow *.example.org 10.9.0.0/24, deny _all | 10.9.0.9 | 9200 | policy_match
                    nor where another policy lets it in | allow *.example.org, deny _all; ip 10.9.0.9 | 10.9.0.9 | 9200 | policy_match
                    nor where it is denied by address and no name allows | deny *.example.org 10.9.0.0/24 | 10.9.0.9 | 9200 | no_policy_match
                    without DNS no pattern of allow matches | allow *.example.org, deny _all | 10.9.0.4 | 9200 | no_policy_match
                    without DNS every pattern of deny matches | deny *.example.org | 10.9.0.4 | 9200 | no_policy_match
                    """)
    void sentence(String name, String policies, String source, int port, String reason) {
        Decision decision = judge(policies == null ? "" : policies, source, port);

        assertThat(decision.reason().label()).as(name).isEqualTo(reason);
    }

    @ParameterizedTest(name = "{0}: {1} from {2}: {3}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    http falls back for what it has not | allow 192.0.2.1 | 192.0.2.1 | policy_match
                    deny is the fallback's | allow 192.0.2.1 | 198.51.100.1 | no_policy_match
                    a list of its own replaces the fallback's | allow 192.0.2.1 | 10.0.0.1 | no_policy_match
                    without lists all is the fallback's | | 10.0.0.1 | policy_match
                    a deny of its own replaces the fallback's | deny 192.0.2.1 | 198.51.100.1 | policy_match
                    and its allow stays the fallback's | deny 10.0.0.1 | 10.0.0.1 | policy_match
                    """)
    void fallback(String name, String lists, String source, String reason) {
        String transport = policy("transport", "allow 10.0.0.1, deny _all");
        String http =
                policy("http", lists == null ? "allow" : lists)
                        .replace("type: allow_deny", "type: allow_deny, fallback: transport");
        DesiredState state = state(transport + http + RESOURCE.replace("POLICIES", "http"));

        assertThat(judge(state, source, 9200).reason().label()).as(name).isEqualTo(reason);
    }

    @ParameterizedTest(name = "in audit mode {0} from {1} is {2}, audited: {3}")
    @CsvSource({
        "ip 10.0.0.1, 10.0.0.2, no_policy_match, true",
        "ip 10.0.0.1, 10.0.0.1, policy_match, false",
        "blocklist 10.0.0.1, 10.0.0.1, blocklist, true",
        "blocklist 10.0.0.1, 10.0.0.2, open, false"
    })
    void audit(String policy, String source, String reason, boolean audited) {
        String resource = RESOURCE.replace("POLICIES]", "p0], mode: audit");
        Decision decision = judge(state(policy("p0", policy) + resource), source, 9200);

        assertThat(decision.reason().label()).isEqualTo(reason);
        assertThat(decision.audit()).isEqualTo(audited);
    }

    private static Decision judge(String policies, String source, int port) {
        StringBuilder yaml = new StringBuilder();
        StringBuilder names = new StringBuilder();
        String[] each = policies.isBlank() ? new String[0] : policies.split("; ");
        for (int i = 0; i < each.length; i++) {
            yaml.append(policy("p" + i, each[i]));
            names.append(i == 0 ? "" : ", ").append("p").append(i);
        }
        return judge(state(yaml + RESOURCE.replace("POLICIES", names)), source, port);
    }

    /** {@code ip A B}, {@code blocklist set S}, {@code allow A, deny B}, {@code off deny A}. */
    private static String policy(String name, String text) {
        String[] words = text.strip().split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        String spec =
                switch (words[0]) {
                    case "allow", "deny" -> "type: allow_deny, " + lists(text.strip());
                    case "off" -> "type: allow_deny, enabled: false, " + lists(rest);
                    default -> "type: " + words[0] + ", rules: [" + rules(rest) + "]";
                };
        return "apiVersion: portcullis.dev/v1\nkind: Policy\nmetadata: {name: "
                + name
                + "}\nspec: {"
                + spec
                + "}\n---\n";
    }

    private static String lists(String text) {
        StringBuilder lists = new StringBuilder();
        for (String list : text.split(", ")) {
            String[] words = list.split(" ");
            lists.append(lists.isEmpty() ? "" : ", ").append(words[0]).append(": [");
            for (int i = 1; i < words.length; i++) {
                lists.append(i == 1 ? "" : ", ").append('"').append(words[i]).append('"');
            }
            lists.append("]");
        }
        return lists.toString();
    }

    private static String rules(String text) {
        if (text.isEmpty()) {
            return "";
        }
        return text.startsWith("set ")
                ? "{set: " + text.substring(4) + "}"
                : "{source: \"" + text + "\"}";
    }

    private static DesiredState state(String yaml) {
        OfflineCheck.Report report =
                OfflineCheck.state(DocumentReader.read(List.of(new SourceText("case", yaml))));
        assertThat(report.violations()).isEmpty();
        return report.state();
    }

    private static Decision judge(DesiredState state, String source, int port) {
        Address from = ip(source);
        Address to = ip(source.contains(":") ? "2001:db8::1" : "10.20.0.1");
        PortRange ssh = new PortRange(22, 22);
        return ReferenceModel.judge(
                        state,
                        List.of(
                                new Failsafe(
                                        new PortMatch(Protocol.TCP, Optional.of(ssh)), List.of())),
                        ENVIRONMENT,
                        ReferencePacket.withPorts(
                                "eth0", ReferencePacket.TCP, from, to, new Ports(40_000, port)))
                .decision();
    }

    private static Address ip(String text) {
        return Address.parse(text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.Decision;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Environment;
import dev.portcullis.policy.model.HostAddresses;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.Prefix;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Rule;
import dev.portcullis.policy.reference.ProxyHeader;
import dev.portcullis.policy.reference.ReferenceModel;
import dev.portcullis.policy.reference.ReferencePacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The loaded program reads generated PROXY headers, sound and damaged ones, as the reference parser
 * does, and judges the connections as the reference model does, in however many segments they come.
 * In audit mode, in which every connection is let in and so can be looked at.
 *
 * <p>200,000 headers by default; {@code -Dportcullis.states=N} makes it 200 for each of N.
 */
class ProxyHeaderAgreementTest {
    private static final long SEED = Long.getLong("portcullis.seed", 20_261_128);
    private static final int STATES = Integer.getInteger("portcullis.states", 1_000);
    private static final int HEADERS = 200;

    /** More are not let through a test run in one frame. */
    private static final int LONGEST_SEGMENT = 3_000;

    private static final String SERVER4 = "10.0.0.1";
    private static final String SERVER6 = "fd00::1";

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final GeneratedProxyHeaders headers = new GeneratedProxyHeaders(random.split());
    private final List<String> disagreements = new ArrayList<>();
    private final TreeMap<String, Integer> outcomes = new TreeMap<>();
    private int connection;

    @Test
    void every_generated_header_is_read_and_judged_as_the_reference_does_it() {
        Environment environment = Environment.of(HostAddresses.of(List.of()));
        try (ProxiedHost host = new ProxiedHost()) {
            for (int i = 0; i < STATES; i++) {
                DesiredState state = ProxiedHost.behindBalancers(state());
                host.dataplane().commit(state, environment);
                for (int n = 0; n < HEADERS; n++) {
                    compare(host, state, environment, headers.next());
                }
            }
        }
        System.out.printf(
                "seed %d, %d headers, %d disagreements, %s%n",
                SEED, connection, disagreements.size(), outcomes);
        assertThat(disagreements.stream().limit(20)).isEmpty();
        assertThat(outcomes.keySet())
                .contains(
                        "proxy_header",
                        "proxy_handshake",
                        "proxy_local",
                        "policy_match",
                        "no_policy_match",
                        "blocklist");
    }

    private void compare(
            ProxiedHost host, DesiredState state, Environment environment, byte[] stream) {
        Segment first = handshake(host);
        int at = 0;
        while (at < stream.length && host.known(first).isEmpty()) {
            int end = Math.min(stream.length, at + segmentLength(stream.length - at));
            Segment segment = first.at(first.sequence() + 1 + at, Segment.ACK);
            host.send(segment, Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        ProxyHeader header = parse(Arrays.copyOf(stream, at), host.known(first).isPresent());
        Decision expected =
                ReferenceModel.judge(state, List.of(), environment, packet(first), header)
                        .decision();
        Optional<ProxiedHost.Known> known = host.known(first);
        // A balancer that is denied itself begins nothing.
        boolean begun =
                ReferenceModel.judge(state, List.of(), environment, packet(first))
                                .decision()
                                .reason()
                        == Reason.PROXY_HANDSHAKE;
        Optional<ProxiedHost.Known> wanted =
                header instanceof ProxyHeader.Incomplete || !begun
                        ? Optional.empty()
                        : Optional.of(new ProxiedHost.Known(expected, original(header)));
        outcomes.merge(expected.reason().label(), 1, Integer::sum);
        if (!known.map(k -> withoutWrong(k, header)).equals(wanted)) {
            disagreements.add(
                    HexFormat.of().formatHex(stream, 0, at)
                            + "\n  read as "
                            + header
                            + ": expected "
                            + wanted
                            + ", got "
                            + known
                            + "\n");
        }
        host.forget(first);
    }

    /**
     * @param decided whether the kernel needs no more of it: it does not wait for the end of what
     *     is wrong already, so that whatever comes must make it no better
     */
    private static ProxyHeader parse(byte[] stream, boolean decided) {
        ProxyHeader header = ProxyHeader.parse(stream);
        return decided && header instanceof ProxyHeader.Incomplete
                ? ProxyHeader.parse(Arrays.copyOf(stream, ProxyHeader.MOST_BYTES))
                : header;
    }

    /** What a header that is wrong said before it was so is nobody's concern. */
    private static ProxiedHost.Known withoutWrong(ProxiedHost.Known known, ProxyHeader header) {
        return header instanceof ProxyHeader.Proxied
                ? known
                : new ProxiedHost.Known(
                        known.decision(), new Original(Optional.empty(), Optional.empty()));
    }

    private static Original original(ProxyHeader header) {
        return header instanceof ProxyHeader.Proxied proxied
                ? new Original(
                        proxied.source(), proxied.endpoint().map(ProxyHeaderAgreementTest::kept))
                : new Original(Optional.empty(), Optional.empty());
    }

    private static PrivateEndpoint kept(PrivateEndpoint endpoint) {
        int most = KernelLayout.ENDPOINT_ID_BYTES;
        return endpoint.id().size() <= most
                ? endpoint
                : new PrivateEndpoint(endpoint.kind(), endpoint.id().substring(0, most));
    }

    /** Most come in one segment. */
    private int segmentLength(int left) {
        return random.nextInt(4) > 0
                ? LONGEST_SEGMENT
                : 1 + random.nextInt(Math.min(left, LONGEST_SEGMENT));
    }

    private Segment handshake(ProxiedHost host) {
        connection++;
        boolean four = random.nextBoolean();
        Segment syn =
                Segment.of(
                                four
                                        ? "192.0.2." + connection % 250
                                        : "2001:db8:ba::" + connection % 250,
                                four ? SERVER4 : SERVER6,
                                Segment.SYN,
                                random.nextInt(),
                                0)
                        .withPorts(1_024 + connection % 60_000, 9200);
        host.send(syn);
        return syn;
    }

    private static ReferencePacket packet(Segment segment) {
        return ReferencePacket.withPorts(
                "lo",
                ReferencePacket.TCP,
                segment.source(),
                segment.destination(),
                new ReferencePacket.Ports(segment.sourcePort(), segment.destinationPort()));
    }

    private DesiredState state() {
        int count = 1 + random.nextInt(4);
        Policy[] policies = new Policy[count];
        for (int i = 0; i < count; i++) {
            policies[i] = policy("policy-" + i);
        }
        return States.web(Enforcement.AUDIT, policies);
    }

    private Policy policy(String name) {
        return switch (random.nextInt(7)) {
            case 0 -> endpoints(name, PolicyType.VPCE);
            case 1 -> endpoints(name, PolicyType.AZURE_PRIVATE_ENDPOINT);
            case 2 -> endpoints(name, PolicyType.GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT);
            case 3 -> sources(name, PolicyType.BLOCKLIST, Rule.Action.DENY);
            case 4 -> sources(name, PolicyType.ALLOW_DENY, Rule.Action.DENY);
            default -> sources(name, PolicyType.IP, Rule.Action.ALLOW);
        };
    }

    private Policy endpoints(String name, PolicyType type) {
        List<Rule> rules =
                GeneratedProxyHeaders.ENDPOINTS.stream()
                        .filter(endpoint -> endpoint.kind() == type.endpoints().orElseThrow())
                        .filter(endpoint -> endpoint.id().size() <= KernelLayout.ENDPOINT_ID_BYTES)
                        .filter(endpoint -> random.nextBoolean())
                        .map(endpoint ->
                                Rule.allow(endpoint.toString(), new Peers.Endpoint(endpoint)))
                        .toList();
        return Policy.of(name, type, rules);
    }

    private Policy sources(String name, PolicyType type, Rule.Action action) {
        List<Address> pool = new ArrayList<>(GeneratedProxyHeaders.IPV4_SOURCES);
        pool.addAll(GeneratedProxyHeaders.IPV6_SOURCES);
        pool.add(Address.parse("192.0.2.7"));
        List<Rule> rules =
                pool.stream()
                        .filter(address -> random.nextInt(3) == 0)
                        .map(address ->
                                Prefix.of(address, address.family().bits() - random.nextInt(9)))
                        .map(prefix -> new Rule(prefix.toString(), prefix, action, ""))
                        .toList();
        return Policy.of(name, type, rules);
    }
}

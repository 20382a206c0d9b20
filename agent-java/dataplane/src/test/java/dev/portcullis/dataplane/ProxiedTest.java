// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.dataplane;

import static dev.portcullis.dataplane.LoadedDataplane.XDP_DROP;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_PASS;
import static dev.portcullis.dataplane.LoadedDataplane.XDP_TX;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.libbpf.TestRun;
import dev.portcullis.policy.model.Address;
import dev.portcullis.policy.model.DesiredState;
import dev.portcullis.policy.model.Direction;
import dev.portcullis.policy.model.Enforcement;
import dev.portcullis.policy.model.Peers;
import dev.portcullis.policy.model.Policy;
import dev.portcullis.policy.model.PolicyType;
import dev.portcullis.policy.model.PrivateEndpoint;
import dev.portcullis.policy.model.Reason;
import dev.portcullis.policy.model.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The states of a connection that a balancer begins. */
class ProxiedTest {
    private static final int FIRST = 1_000_001;
    private static final String FRIEND = "198.51.100.7";
    private static final String STRANGER = "203.0.113.5";
    private static final PrivateEndpoint ENDPOINT = PrivateEndpoint.aws("vpce-08d2bf15fac5001c9");
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII);

    private final ProxiedHost host = new ProxiedHost();
    private final Segment syn =
            Segment.of("192.0.2.1", "10.0.0.1", Segment.SYN, FIRST - 1, 0).withPorts(40_000, 9200);

    @AfterEach
    void close() {
        host.close();
    }

    private static DesiredState friends() {
        return friends(Enforcement.DROP);
    }

    private static DesiredState friends(Enforcement enforcement) {
        return States.web(enforcement, States.ip("friends", FRIEND + "/32", "2001:db8::7/128"));
    }

    private static ProxyHeaders from(String source) {
        return ProxyHeaders.proxy()
                .withAddresses(source, source.contains(":") ? "2001:db8::1" : "198.51.100.1");
    }

    /** Data of the stream from a place. */
    private int data(int at, byte... bytes) {
        return host.send(syn.at(FIRST + at, Segment.ACK | Segment.PSH), bytes);
    }

    private long counted(Reason reason) {
        return host.loaded().counted(Direction.INGRESS, reason);
    }

    private static byte[] both(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void a_connection_passes_from_its_header_on_if_its_original_source_is_let_in() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();

        assertThat(host.send(syn)).isEqualTo(XDP_PASS);
        assertThat(host.send(syn.at(FIRST, Segment.ACK))).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.PROXY_HANDSHAKE)).isEqualTo(2);
        assertThat(data(0, header)).isEqualTo(XDP_PASS);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.POLICY_MATCH)).isEqualTo(2);
    }

    @Test
    void a_connection_of_another_source_is_denied_with_its_header_and_all_that_follows() {
        host.commit(friends());
        byte[] header = from(STRANGER).bytes();
        host.send(syn);

        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(data(0, from(FRIEND).bytes())).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(4);
        assertThat(host.known(syn)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "vpce-08d2bf15fac5001c9, vpce-08d2bf15fac5001c9, true",
        "vpce-08d2bf15fac5001c9, vpce-08d2bf15fac5001c8, false",
        "vpce-08d2bf15fac5001c9, vpce-08d2bf15fac5001c, false"
    })
    void a_connection_is_let_in_by_the_endpoint_that_a_policy_names(
            String named, String used, boolean passes) {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.privateEndpoints(
                                "private", PolicyType.VPCE, PrivateEndpoint.aws(named))));
        host.send(syn);

        int result = data(0, from(STRANGER).withEndpoint(PrivateEndpoint.aws(used)).bytes());

        assertThat(result).isEqualTo(passes ? XDP_PASS : XDP_DROP);
    }

    @Test
    void endpoints_of_azure_and_gcp_are_told_apart_by_all_of_their_bits() {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.privateEndpoints(
                                "azure",
                                PolicyType.AZURE_PRIVATE_ENDPOINT,
                                PrivateEndpoint.azure(134_217_729)),
                        States.privateEndpoints(
                                "gcp",
                                PolicyType.GCP_PRIVATE_SERVICE_CONNECT_ENDPOINT,
                                PrivateEndpoint.gcp(-1_062_706_284))));

        assertThat(begin(PrivateEndpoint.azure(134_217_729))).isEqualTo(XDP_PASS);
        assertThat(begin(PrivateEndpoint.azure(134_217_730))).isEqualTo(XDP_DROP);
        assertThat(begin(PrivateEndpoint.gcp(-1_062_706_284))).isEqualTo(XDP_PASS);
        assertThat(begin(PrivateEndpoint.gcp(-1_062_706_284L ^ 1L << 63))).isEqualTo(XDP_DROP);
    }

    private int begin(PrivateEndpoint endpoint) {
        host.forget(syn);
        host.send(syn);
        return data(0, ProxyHeaders.proxy().withEndpoint(endpoint).bytes());
    }

    @Test
    void the_first_policy_that_matches_is_counted_whether_it_is_about_sources_or_endpoints() {
        Policy sources = States.ip("sources", FRIEND + "/32");
        Policy privates = States.privateEndpoints("privates", PolicyType.VPCE, ENDPOINT);
        byte[] header = from(FRIEND).withEndpoint(ENDPOINT).bytes();

        assertThat(decider(States.web(Enforcement.DROP, sources, privates), header))
                .isEqualTo("sources");
        assertThat(decider(States.web(Enforcement.DROP, privates, sources), header))
                .isEqualTo("privates");
    }

    private String decider(DesiredState state, byte[] header) {
        host.commit(state);
        host.forget(syn);
        host.send(syn);
        data(0, header);
        return host.known(syn).orElseThrow().decision().policy();
    }

    @Test
    void a_blocklist_on_the_original_source_wins_over_its_endpoint() {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.privateEndpoints("private", PolicyType.VPCE, ENDPOINT),
                        States.blocklist("bad", STRANGER + "/32")));
        host.send(syn);

        assertThat(data(0, from(STRANGER).withEndpoint(ENDPOINT).bytes())).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.BLOCKLIST)).isEqualTo(1);
    }

    @Test
    void a_header_without_addresses_is_matched_by_endpoint_policies_alone() {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.ip("all", "0.0.0.0/0", "::/0"),
                        States.privateEndpoints("private", PolicyType.VPCE, ENDPOINT)));
        host.send(syn);

        assertThat(data(0, ProxyHeaders.proxy().bytes())).isEqualTo(XDP_DROP);
        host.forget(syn);
        host.send(syn);
        assertThat(data(0, ProxyHeaders.proxy().withEndpoint(ENDPOINT).bytes()))
                .isEqualTo(XDP_PASS);
    }

    @ParameterizedTest
    @ValueSource(strings = {FRIEND, "2001:db8::7", "::ffff:198.51.100.7"})
    void both_families_are_read_in_connections_of_both(String source) {
        host.commit(friends());
        byte[] header = from(source.replace("::ffff:198.51.100.7", FRIEND)).bytes();
        Segment outer =
                Segment.of("2001:db8:ba::1", "fd00::1", Segment.SYN, FIRST - 1, 0)
                        .withPorts(40_000, 9200);
        host.send(syn);
        host.send(outer);

        assertThat(data(0, header)).isEqualTo(XDP_PASS);
        assertThat(host.send(outer.at(FIRST, Segment.ACK), header)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_connection_of_the_balancer_itself_passes() {
        host.commit(friends());
        byte[] header = ProxyHeaders.local().bytes();
        host.send(syn);

        assertThat(data(0, header)).isEqualTo(XDP_PASS);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.PROXY_LOCAL)).isEqualTo(2);
    }

    @Test
    void payload_behind_the_header_in_its_segment_passes_or_not_with_it() {
        host.commit(friends());
        host.send(syn);
        assertThat(data(0, both(from(FRIEND).bytes(), REQUEST))).isEqualTo(XDP_PASS);
        host.forget(syn);
        host.send(syn);

        assertThat(data(0, both(from(STRANGER).bytes(), REQUEST))).isEqualTo(XDP_DROP);
    }

    @Test
    void a_second_header_in_the_stream_is_nobodys() {
        host.commit(friends());
        byte[] stranger = from(STRANGER).bytes();
        host.send(syn);
        data(0, stranger);

        assertThat(data(stranger.length, from(FRIEND).bytes())).isEqualTo(XDP_DROP);
        assertThat(data(stranger.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(data(0, both(stranger, from(FRIEND).bytes()))).isEqualTo(XDP_DROP);
    }

    @Test
    void a_header_of_4096_bytes_is_read_over_segments_of_whatever_length() {
        host.commit(friends());
        byte[] header = from(FRIEND).paddedTo(4_096).bytes();
        for (int length : new int[] {1, 7, 536, 1_448}) {
            host.forget(syn);
            host.send(syn);
            for (int at = 0; at < header.length; at += length) {
                int end = Math.min(header.length, at + length);
                assertThat(data(at, Arrays.copyOfRange(header, at, end))).isEqualTo(XDP_PASS);
            }

            assertThat(host.known(syn)).as("after segments of " + length).isPresent();
        }
    }

    @Test
    void data_behind_a_header_that_is_not_whole_is_dropped_until_it_is() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();
        host.send(syn);
        data(0, Arrays.copyOf(header, 20));

        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.PROXY_AHEAD)).isEqualTo(1);
        assertThat(data(20, Arrays.copyOfRange(header, 20, header.length))).isEqualTo(XDP_PASS);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
    }

    @Test
    void parts_of_a_header_that_come_again_and_overlap_are_read_once() {
        host.commit(friends());
        byte[] header = from(FRIEND).withSum().bytes();
        host.send(syn);

        assertThat(data(0, Arrays.copyOf(header, 10))).isEqualTo(XDP_PASS);
        assertThat(data(0, Arrays.copyOf(header, 10))).isEqualTo(XDP_PASS);
        assertThat(data(5, Arrays.copyOfRange(header, 5, 20))).isEqualTo(XDP_PASS);
        assertThat(host.known(syn)).isEmpty();
        assertThat(data(0, both(header, REQUEST))).isEqualTo(XDP_PASS);
        assertThat(host.known(syn)).isPresent();
    }

    @Test
    void data_ahead_of_the_header_is_dropped_and_passes_when_it_comes_again_behind_it() {
        host.commit(friends(Enforcement.RESET));
        byte[] header = from(FRIEND).bytes();
        host.send(syn);

        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(data(0, header)).isEqualTo(XDP_PASS);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
    }

    @Test
    void data_of_a_connection_whose_beginning_was_not_seen_is_denied() {
        host.commit(friends());

        assertThat(data(0, from(FRIEND).bytes())).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.PROXY_HEADER)).isEqualTo(1);
    }

    @Test
    void the_header_may_come_with_the_syn() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();

        assertThat(host.send(syn, from(STRANGER).bytes())).isEqualTo(XDP_DROP);
        assertThat(host.send(syn, both(header, REQUEST))).isEqualTo(XDP_PASS);
        assertThat(data(header.length + REQUEST.length, REQUEST)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_new_connection_of_the_same_ports_has_to_have_a_header_of_its_own() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();
        host.send(syn);
        data(0, header);

        host.send(syn.at(FIRST + 5_000, Segment.SYN));

        assertThat(host.known(syn)).isEmpty();
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(data(5_001, from(FRIEND).bytes())).isEqualTo(XDP_PASS);
        host.send(syn.at(FIRST + 9_000, Segment.SYN));
        assertThat(data(9_001, from(STRANGER).bytes())).isEqualTo(XDP_DROP);
    }

    @Test
    void a_syn_that_comes_again_leaves_what_was_read() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();
        host.send(syn);
        data(0, Arrays.copyOf(header, 20));

        host.send(syn);

        assertThat(data(20, Arrays.copyOfRange(header, 20, header.length))).isEqualTo(XDP_PASS);
        assertThat(host.known(syn)).isPresent();
    }

    @Test
    void segments_without_data_pass_in_every_state() {
        host.commit(friends());
        byte[] stranger = from(STRANGER).bytes();

        assertThat(host.send(syn.at(FIRST, Segment.ACK))).isEqualTo(XDP_PASS);
        host.send(syn);
        data(0, stranger);
        assertThat(host.send(syn.at(FIRST, Segment.ACK | Segment.FIN))).isEqualTo(XDP_PASS);
        assertThat(host.send(syn.at(FIRST, Segment.RST))).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.PROXY_HANDSHAKE)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"0x8100002a, 0", "0x88a8002a, 0x8100002b"})
    void the_header_is_found_behind_tags_and_options(String outer, String inner) {
        host.commit(friends());
        List<Integer> tags = new ArrayList<>();
        for (String tag : List.of(outer, inner)) {
            if (!tag.equals("0")) {
                tags.add(Integer.parseUnsignedInt(tag.substring(2), 16));
            }
        }
        Segment tagged = syn.withTags(tags.toArray(Integer[]::new)).with(8, 40, 0);
        host.send(tagged);

        assertThat(host.send(tagged.at(FIRST, Segment.ACK), from(STRANGER).bytes()))
                .isEqualTo(XDP_DROP);
        host.forget(syn);
        host.send(tagged);
        assertThat(host.send(tagged.at(FIRST, Segment.ACK), from(FRIEND).bytes()))
                .isEqualTo(XDP_PASS);
    }

    @Test
    void a_new_rule_set_judges_connections_that_are_known() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();
        host.send(syn);
        data(0, header);

        host.commit(States.web(Enforcement.DROP, States.ip("others", STRANGER + "/32")));
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(1);

        host.commit(friends());
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_syn_that_comes_again_changes_nothing() {
        host.commit(friends());
        byte[] header = from(FRIEND).bytes();
        host.send(syn);
        data(0, header);

        assertThat(host.send(syn)).isEqualTo(XDP_PASS);

        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
    }

    @Test
    void nothing_is_known_of_a_connection_that_began_while_no_header_was_asked_for() {
        host.commit(friends());
        host.send(syn);
        data(0, from(FRIEND).bytes());

        host.commit(DesiredState.EMPTY);
        assertThat(data(100, REQUEST)).isEqualTo(XDP_PASS);
        host.commit(friends());
        assertThat(data(200, REQUEST)).isEqualTo(XDP_PASS);

        host.commit(DesiredState.EMPTY);
        host.send(syn.at(FIRST + 1_000, Segment.SYN));
        host.commit(friends());
        assertThat(data(1_001, REQUEST)).isEqualTo(XDP_DROP);
        assertThat(host.known(syn)).isEmpty();
    }

    @Test
    void a_connection_is_ended_where_the_server_has_got_it_to() {
        host.commit(friends());
        byte[] header = from(STRANGER).bytes();
        host.send(syn);
        data(0, Arrays.copyOf(header, 20));

        ByteBuffer sent = ProxiedHost.frame(syn.at(FIRST, Segment.ACK), header);
        TestRun run = host.loaded().run(sent);

        assertThat(run.output().order(ByteOrder.BIG_ENDIAN).getInt(14 + 20 + 4))
                .isEqualTo(FIRST + 20);
        assertThat(sum(run.output())).isEqualTo(sum(sent));
    }

    @Test
    void the_next_agent_forgets_endpoints_that_no_policy_names_any_more() {
        PrivateEndpoint other = PrivateEndpoint.aws("vpce-0a1b2c3d4e5f60718");
        PrivateEndpoint third = PrivateEndpoint.aws("vpce-0f0e0d0c0b0a09080");
        Policy friends = States.ip("friends", FRIEND + "/32");
        host.commit(
                States.web(
                        Enforcement.DROP,
                        friends,
                        States.privateEndpoints("a", PolicyType.VPCE, ENDPOINT),
                        States.privateEndpoints("b", PolicyType.VPCE, other),
                        States.privateEndpoints("c", PolicyType.VPCE, third)));
        host.commit(States.web(Enforcement.DROP, friends));

        host.restart();
        host.commit(States.web(Enforcement.DROP, friends));

        assertThat(begin(ENDPOINT)).isEqualTo(XDP_DROP);
        assertThat(begin(other)).isEqualTo(XDP_DROP);
        assertThat(begin(third)).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(3);
    }

    @Test
    void a_header_that_was_denied_is_read_again_by_a_new_rule_set() {
        host.commit(friends());
        byte[] header = from(STRANGER).bytes();
        host.send(syn);
        data(0, header);
        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(2);

        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.ip("friends", FRIEND + "/32"),
                        States.blocklist("bad", STRANGER + "/32")));
        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(counted(Reason.BLOCKLIST)).isEqualTo(2);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(2);

        host.commit(States.web(Enforcement.DROP, States.ip("strangers", STRANGER + "/32")));
        assertThat(data(0, header)).isEqualTo(XDP_PASS);
    }

    @Test
    void a_connection_that_waits_for_the_name_of_its_original_source_is_judged_each_time() {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        Policy.of(
                                "friends",
                                PolicyType.ALLOW_DENY,
                                List.of(
                                        Rule.allow(
                                                "*.example.org",
                                                new Peers.NamePattern("*.example.org")),
                                        Rule.deny("_all", new Peers.Everyone())))));
        byte[] header = from(STRANGER).bytes();
        host.send(syn);

        assertThat(data(0, header)).isEqualTo(XDP_DROP);
        assertThat(host.sendsReset(syn.at(FIRST, Segment.ACK), header)).isFalse();
        assertThat(counted(Reason.NAME_PENDING)).isEqualTo(2);
    }

    @Test
    void a_new_rule_set_that_takes_an_endpoint_out_cuts_its_connections() {
        host.commit(
                States.web(
                        Enforcement.DROP,
                        States.privateEndpoints("private", PolicyType.VPCE, ENDPOINT)));
        byte[] header = from(STRANGER).withEndpoint(ENDPOINT).bytes();
        host.send(syn);
        data(0, header);

        host.commit(
                States.web(Enforcement.DROP, States.privateEndpoints("private", PolicyType.VPCE)));

        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_DROP);
    }

    @Test
    void others_than_balancers_are_judged_by_their_own_source() {
        host.commit(friends());

        assertThat(host.loaded().verdict(FRIEND)).isEqualTo(XDP_PASS);
        assertThat(host.loaded().verdict(STRANGER)).isEqualTo(XDP_DROP);
    }

    @Test
    void a_resource_without_policies_asks_for_no_header() {
        host.commit(States.web(Enforcement.DROP));

        assertThat(data(0, REQUEST)).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.OPEN)).isEqualTo(1);
    }

    @Test
    void in_audit_mode_what_would_be_denied_passes_and_is_counted_as_such() {
        host.commit(friends(Enforcement.AUDIT));
        byte[] header = from(STRANGER).bytes();
        host.send(syn);

        assertThat(data(0, header)).isEqualTo(XDP_PASS);
        assertThat(data(header.length, REQUEST)).isEqualTo(XDP_PASS);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(2);
        assertThat(host.known(syn).orElseThrow().decision().audit()).isTrue();
    }

    @Test
    void a_denied_connection_is_ended_at_the_server_and_then_at_the_balancer_if_asked_for() {
        host.commit(friends(Enforcement.RESET));
        Segment first = syn.at(FIRST, Segment.ACK | Segment.PSH);
        byte[] header = from(STRANGER).bytes();
        host.send(syn);

        TestRun run = host.loaded().run(ProxiedHost.frame(first, header));

        assertThat(run.result()).isEqualTo(XDP_PASS);
        ByteBuffer ended = ProxiedHost.frame(first, header);
        ByteBuffer told = run.output().order(ByteOrder.BIG_ENDIAN);
        assertThat(told.get(14 + 20 + 13)).isEqualTo((byte) (Segment.RST | Segment.ACK));
        assertThat(told.getInt(14 + 20 + 4)).isEqualTo(FIRST);
        assertThat(sum(told)).isEqualTo(sum(ended));
        assertThat(data(0, header)).isEqualTo(XDP_TX);
        assertThat(counted(Reason.NO_POLICY_MATCH)).isEqualTo(2);
    }

    /** The one's complement sum of the TCP header, which a change with its checksum leaves. */
    private static int sum(ByteBuffer frame) {
        int sum = 0;
        for (int at = 14 + 20; at < 14 + 20 + 20; at += Short.BYTES) {
            sum += frame.getShort(at) & 0xffff;
        }
        return sum % 0xffff;
    }

    @Test
    @SuppressWarnings("try") // the stream only needs to be open
    void who_is_denied_is_told_with_source_and_endpoint() throws Exception {
        host.commit(friends());
        host.send(syn);
        BlockingQueue<Drop> drops = new LinkedBlockingQueue<>();

        try (AutoCloseable watching = host.dataplane().watchDrops(drops::add)) {
            data(0, from(STRANGER).withEndpoint(ENDPOINT).bytes());
            Original original =
                    new Original(Optional.of(Address.parse(STRANGER)), Optional.of(ENDPOINT));
            assertThat(drops.poll(10, TimeUnit.SECONDS).original()).contains(original);
        }
        assertThat(host.dataplane().droppedSources())
                .extracting(source -> source.original().orElseThrow().source())
                .containsExactly(Optional.of(Address.parse(STRANGER)));
    }

    @Test
    void connections_that_are_denied_take_no_room_of_those_that_are_let_in() {
        try (ProxiedHost small = new ProxiedHost(ProxiedHost.limits(4_096, Duration.ofHours(1)))) {
            small.commit(friends());
            small.send(syn);
            small.send(syn.at(FIRST, Segment.ACK), from(FRIEND).bytes());
            byte[] stranger = from(STRANGER).bytes();
            for (int port = 1_024; port < 21_024; port++) {
                Segment denied = syn.withPorts(port, 9200);
                small.send(denied);
                small.send(denied.at(FIRST, Segment.ACK), stranger);
            }

            assertThat(small.known(syn)).isPresent();
        }
    }
}

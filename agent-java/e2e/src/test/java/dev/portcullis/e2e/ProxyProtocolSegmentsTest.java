// SPDX-License-Identifier: Apache-2.0
package dev.portcullis.e2e;

import static dev.portcullis.e2e.BalancedService.ALLOWED;
import static dev.portcullis.e2e.BalancedService.ALLOWED6;
import static dev.portcullis.e2e.BalancedService.BLOCKED;
import static dev.portcullis.e2e.BalancedService.DENIED;
import static dev.portcullis.e2e.BalancedService.IN_VAIN;
import static dev.portcullis.e2e.BalancedService.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What HAProxy does not send: private endpoints, and headers in other segments than one of their
 * own.
 */
class ProxyProtocolSegmentsTest {
    private static final int NGINX = 9200;

    /** Reads a header that comes in several segments, which nginx takes for a wrong one. */
    private static final int PATIENT = 9202;

    private static final byte[] REQUEST =
            "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** After its answer the connection stays open. */
    private static final byte[] REQUEST_TO_KEEP =
            "GET / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** In no policy. */
    private static final String ELSEWHERE = "203.0.113.9";

    private static final String VPCE = "vpce-08d2bf15fac5001c9";
    private static final int LINK = 134217729;
    private static final long PSC = Long.parseUnsignedLong("18446744072646845332");

    private static final byte[] ALLOWED_HEADER = ProxyHeader.from(ALLOWED).bytes();
    private static final byte[] DENIED_HEADER = ProxyHeader.from(DENIED).bytes();

    @TempDir private static Path directory;
    private static BalancedService service;

    @BeforeAll
    static void start() {
        service = new BalancedService(directory);
        service.network()
                .start(
                        service.network().server(),
                        List.of(
                                "python3",
                                Network.resource("endpoint.py"),
                                "serve",
                                Integer.toString(PATIENT)),
                        "ready");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String send(int port, byte[]... segments) {
        return send(port, List.of(), segments);
    }

    private static String send(int port, List<String> options, byte[]... segments) {
        return BalancedService.send(
                service.balancer(), "10.77.1.1", port, PATIENCE, options, segments);
    }

    /** What is to get no answer. */
    private static String sendInVain(int port, byte[]... segments) {
        return sendInVain(port, List.of(), segments);
    }

    private static String sendInVain(int port, List<String> options, byte[]... segments) {
        return BalancedService.send(
                service.balancer(), "10.77.1.1", port, IN_VAIN, options, segments);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static String answerTo(ProxyHeader header) {
        return send(NGINX, header.bytes(), REQUEST);
    }

    private static String answerInVainTo(ProxyHeader header) {
        return sendInVain(NGINX, header.bytes(), REQUEST);
    }

    @Test
    void a_client_of_an_associated_endpoint_is_served_whatever_its_address() {
        ProxyHeader elsewhere = ProxyHeader.from(ELSEWHERE);

        assertThat(answerTo(elsewhere.aws(VPCE))).isEqualTo("203.0.113.9 40000");
        assertThat(answerTo(elsewhere.azure(LINK))).isEqualTo("203.0.113.9 40000");
        assertThat(answerTo(elsewhere.gcp(PSC))).isEqualTo("203.0.113.9 40000");
        assertThat(answerTo(ProxyHeader.from("2001:db8::9").aws(VPCE)))
                .isEqualTo("2001:db8::9 40000");
    }

    @Test
    void a_client_of_another_endpoint_is_not_served() {
        ProxyHeader elsewhere = ProxyHeader.from(ELSEWHERE);

        assertThat(answerInVainTo(elsewhere)).isEqualTo("silent");
        assertThat(answerInVainTo(elsewhere.aws("vpce-08d2bf15fac5001c8"))).isEqualTo("silent");
        assertThat(answerInVainTo(elsewhere.azure(LINK + 1))).isEqualTo("silent");
        assertThat(answerInVainTo(elsewhere.gcp(PSC + 1))).isEqualTo("silent");
    }

    @Test
    void a_rule_about_an_endpoint_has_the_time_when_it_last_matched() {
        answerTo(ProxyHeader.from(ELSEWHERE).gcp(PSC));

        String rules = service.agent().portcullis("get", "policy", "gcp").ok().out();

        assertThat(rules)
                .containsPattern("spec\\.rules\\[0\\] +" + "18446744072646845332 +[0-9]{4}-");
    }

    @Test
    void a_client_of_an_endpoint_that_is_named_is_served_by_the_link_that_it_has_now() {
        ProxyHeader elsewhere = ProxyHeader.from(ELSEWHERE);
        service.agent()
                .apply(
                        """
                        apiVersion: portcullis.dev/v1
                        kind: Policy
                        metadata: {name: by-name}
                        spec:
                          type: azure_private_endpoint
                          rules: [{azureEndpointName: %s, azureEndpointGuid: %s}]
                        ---
                        apiVersion: portcullis.dev/v1
                        kind: Association
                        metadata: {name: by-name}
                        spec: {policy: by-name, resource: web}
                        """
                                .formatted(BalancedService.ENDPOINT, BalancedService.GUID))
                .ok();
        try {
            assertThat(answerTo(elsewhere.azure(BalancedService.CONNECTED))).startsWith(ELSEWHERE);
            assertThat(answerInVainTo(elsewhere.azure(8))).isEqualTo("silent");

            service.connect(8);

            Agent.await(
                    "the new link is let in",
                    () -> answerInVainTo(elsewhere.azure(8)).startsWith(ELSEWHERE));
            assertThat(answerInVainTo(elsewhere.azure(BalancedService.CONNECTED)))
                    .isEqualTo("silent");
        } finally {
            service.connect(BalancedService.CONNECTED);
            service.agent().portcullis("delete", "association", "by-name").ok();
        }
    }

    @Test
    void an_allowed_client_of_another_endpoint_is_served() {
        assertThat(answerTo(ProxyHeader.from(ALLOWED).azure(LINK + 1))).startsWith(ALLOWED);
    }

    @Test
    void a_blocklisted_client_is_not_served_whatever_its_endpoint() {
        assertThat(answerInVainTo(ProxyHeader.from(BLOCKED).aws(VPCE))).isEqualTo("silent");
    }

    @Test
    void a_client_without_an_address_is_judged_by_its_endpoint() {
        byte[] request = "GET /count HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        ProxyHeader nobody = ProxyHeader.withoutAddresses();

        assertThat(send(NGINX, nobody.gcp(PSC).bytes(), request)).isEqualTo("1");
        assertThat(sendInVain(NGINX, nobody.bytes(), request)).isEqualTo("silent");
    }

    @Test
    void header_and_request_may_come_in_one_segment() {
        assertThat(send(NGINX, join(ALLOWED_HEADER, REQUEST))).startsWith(ALLOWED);
        assertThat(sendInVain(NGINX, join(DENIED_HEADER, REQUEST))).isEqualTo("silent");
    }

    @Test
    void the_request_may_come_long_after_the_header() {
        List<String> late = List.of("--pause", "1.2");

        assertThat(send(NGINX, late, ALLOWED_HEADER, REQUEST)).startsWith(ALLOWED);
        assertThat(sendInVain(NGINX, late, join(DENIED_HEADER, REQUEST))).isEqualTo("silent");
    }

    @Test
    void a_header_may_come_in_several_segments() {
        assertThat(send(PATIENT, inThree(join(ALLOWED_HEADER, REQUEST)))).isEqualTo(ALLOWED);
        assertThat(sendInVain(PATIENT, inThree(join(DENIED_HEADER, REQUEST)))).isEqualTo("silent");
    }

    /** Neither cut is where a part of the header ends. */
    private static byte[][] inThree(byte[] whole) {
        return new byte[][] {
            Arrays.copyOfRange(whole, 0, 7),
            Arrays.copyOfRange(whole, 7, 18),
            Arrays.copyOfRange(whole, 18, whole.length)
        };
    }

    @Test
    void a_header_of_4000_bytes_is_read_to_its_end() {
        ProxyHeader allowed = ProxyHeader.from(ELSEWHERE).padded(3_975).aws(VPCE);
        ProxyHeader denied = ProxyHeader.from(ELSEWHERE).padded(3_975);

        assertThat(allowed.bytes()).hasSize(4_001);
        assertThat(send(PATIENT, allowed.bytes(), REQUEST)).isEqualTo(ELSEWHERE);
        assertThat(sendInVain(PATIENT, denied.bytes(), REQUEST)).isEqualTo("silent");
    }

    @Test
    void a_header_of_4000_bytes_may_come_in_packets_of_1500() {
        byte[] allowed = ProxyHeader.from(ELSEWHERE).padded(3_975).aws(VPCE).bytes();
        byte[] denied = ProxyHeader.from(ELSEWHERE).padded(3_975).bytes();
        wire("gso_max_segs", "1");
        try {
            assertThat(send(PATIENT, allowed, REQUEST)).isEqualTo(ELSEWHERE);
            assertThat(sendInVain(PATIENT, denied, REQUEST)).isEqualTo("silent");
        } finally {
            wire("gso_max_segs", "65535");
        }
    }

    private static void wire(String option, String value) {
        Network.ip("-n", service.balancer(), "link", "set", "eth0", option, value);
    }

    @Test
    void a_header_that_comes_after_other_data_is_none() {
        long before = service.denied("proxy_header");

        String answer = sendInVain(PATIENT, REQUEST, ALLOWED_HEADER, REQUEST);

        assertThat(answer).isEqualTo("silent");
        assertThat(service.denied("proxy_header")).isGreaterThan(before);
    }

    @Test
    void only_the_first_header_counts() {
        assertThat(send(PATIENT, ALLOWED_HEADER, DENIED_HEADER, REQUEST)).isEqualTo(ALLOWED);
        assertThat(send(PATIENT, join(ALLOWED_HEADER, DENIED_HEADER), REQUEST)).isEqualTo(ALLOWED);
        assertThat(sendInVain(PATIENT, DENIED_HEADER, ALLOWED_HEADER, REQUEST)).isEqualTo("silent");
        assertThat(sendInVain(PATIENT, join(DENIED_HEADER, ALLOWED_HEADER), REQUEST))
                .isEqualTo("silent");
    }

    @Test
    void a_connection_may_wait_half_open_before_its_header() {
        List<String> late = List.of("--pause", "1.5");

        assertThat(send(NGINX, late, join(ALLOWED_HEADER, REQUEST))).startsWith(ALLOWED);
    }

    @Test
    void a_header_in_the_syn_of_a_fast_open_counts() {
        openFast(service.balancer());
        openFast(service.network().server());
        List<String> fast = List.of("--fast-open");
        byte[] allowed = join(ALLOWED_HEADER, REQUEST);
        byte[] denied = join(DENIED_HEADER, REQUEST);
        String first = send(NGINX, fast, allowed);
        long before = fastOpens();

        String second = send(NGINX, fast, allowed);
        long between = fastOpens();
        String third = sendInVain(NGINX, fast, denied);

        assertThat(first).startsWith(ALLOWED);
        assertThat(second).startsWith(ALLOWED);
        assertThat(between).isEqualTo(before + 1);
        assertThat(third).isEqualTo("silent");
        assertThat(fastOpens()).isEqualTo(between);
    }

    private static void openFast(String namespace) {
        Command.run(Network.inside(namespace, List.of("sysctl", "-qw", "net.ipv4.tcp_fastopen=3")))
                .ok();
    }

    /** Connections that the server has taken with data in their SYN. */
    private static long fastOpens() {
        List<String[]> lines =
                service.agent()
                        .inside("cat", "/proc/net/netstat")
                        .ok()
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("TcpExt:"))
                        .map(line -> line.split(" "))
                        .toList();
        int index = List.of(lines.get(0)).indexOf("TCPFastOpenPassive");
        return Long.parseLong(lines.get(1)[index]);
    }

    @Test
    void a_port_that_is_used_again_after_the_server_ended_the_connection_is_judged_anew() {
        List<String> port = List.of("--local-port", "40010");

        assertThat(send(NGINX, port, ALLOWED_HEADER, REQUEST)).startsWith(ALLOWED);
        assertThat(sendInVain(NGINX, port, DENIED_HEADER, REQUEST)).isEqualTo("silent");
        assertThat(send(NGINX, port, ALLOWED_HEADER, REQUEST)).startsWith(ALLOWED);
    }

    @Test
    void a_port_that_is_used_again_after_a_reset_is_judged_anew() {
        List<String> port = List.of("--local-port", "40020", "--reset");

        assertThat(send(NGINX, port, ALLOWED_HEADER, REQUEST_TO_KEEP)).startsWith(ALLOWED);
        assertThat(sendInVain(NGINX, port, DENIED_HEADER, REQUEST_TO_KEEP)).isEqualTo("silent");
        assertThat(send(NGINX, port, ALLOWED_HEADER, REQUEST_TO_KEEP)).startsWith(ALLOWED);
    }

    @Test
    void a_port_that_is_used_again_without_a_header_is_not_served() {
        List<String> port = List.of("--local-port", "40030", "--reset");

        assertThat(send(PATIENT, port, ALLOWED_HEADER, REQUEST)).isEqualTo(ALLOWED);
        assertThat(sendInVain(PATIENT, port, REQUEST)).isEqualTo("silent");
    }

    @Test
    void a_header_from_a_client_that_comes_directly_says_nothing() {
        String direct = service.network().client(2);

        String allowed =
                BalancedService.send(
                        direct, "10.77.2.1", NGINX, PATIENCE, List.of(), DENIED_HEADER, REQUEST);
        String denied =
                BalancedService.send(
                        direct,
                        "fd77:2::1",
                        NGINX,
                        IN_VAIN,
                        List.of(),
                        ProxyHeader.from(ALLOWED6).bytes(),
                        REQUEST);

        assertThat(allowed).startsWith(DENIED);
        assertThat(denied).isEqualTo("silent");
    }
}
